/** PURE: what shells are to be told so that they ask this program what may come next. */

/** Shells, and kubectl itself for `kubectl rtc`. */
export const shells = ['bash', 'zsh', 'fish', 'kubectl'] as const;

/** See the file comment. Each asks `kubectl-rtc __complete WORDS…`: a line for each word, then one that begins with a colon. */
export const scripts: Readonly<Record<(typeof shells)[number], string>> = {
  bash: `# bash: source <(kubectl-rtc completion bash)
_kubectl_rtc() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in :*) ;; *) COMPREPLY+=("$line") ;; esac
  done < <(kubectl-rtc __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _kubectl_rtc kubectl-rtc
`,
  zsh: `#compdef kubectl-rtc
# zsh: source <(kubectl-rtc completion zsh)
_kubectl_rtc() {
  local -a lines
  lines=("\${(@f)$(kubectl-rtc __complete "\${words[@]:1:$((CURRENT - 1))}" 2>/dev/null)}")
  compadd -- "\${(@)lines:#:*}"
}
compdef _kubectl_rtc kubectl-rtc
`,
  fish: `# fish: kubectl-rtc completion fish | source
complete -c kubectl-rtc -f -a '(kubectl-rtc __complete (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null | string match -v ":*")'
`,
  kubectl: `#!/bin/sh
# kubectl asks an executable of this name in the PATH: kubectl_complete-rtc
exec kubectl-rtc __complete "$@"
`,
};

/** Of Cobra, whose words kubectl understands: do not offer files. */
export const noFiles = ':4';
