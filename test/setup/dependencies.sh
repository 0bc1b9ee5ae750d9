#!/bin/sh
# Installs node_modules when there is none, or when package-lock.json is another
# one than it was installed from. Runs under any Node >= 20: it is what brings Node 24.
set -eu
cd "$(dirname "$0")/../.."

stamp=node_modules/.installed-from
wanted=$(sha256sum package-lock.json .npmrc)
[ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ] || exit 0

# npm must not run on the very Node that it is about to replace.
PATH=$(printf '%s' "$PATH" | tr ':' '\n' | grep -v 'node_modules/\.bin$' | paste -sd:)
# The form of all progress (progress.ts), which needs Node 24 itself.
begun=$(date +%s)
echo '[   0.0s] dependencies: npm ci, about a minute the first time'
npm ci --loglevel=error
printf '[%6.1fs] dependencies: installed\n' "$(($(date +%s) - begun))"
printf '%s\n' "$wanted" >"$stamp"
