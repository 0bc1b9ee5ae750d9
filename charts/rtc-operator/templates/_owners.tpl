{{- /*
What is there already and belongs to another release: Helm itself would only name annotations, or notice nothing.
Nothing is found where the cluster is not asked (helm template, Argo CD).
*/}}

{{- define "rtc-operator.isOurs" -}}
{{- $root := index . 0 }}
{{- $marks := default dict (index . 1).metadata.annotations }}
{{- if and (eq (get $marks "meta.helm.sh/release-name") $root.Release.Name) (eq (get $marks "meta.helm.sh/release-namespace") $root.Release.Namespace) }}yes{{ end }}
{{- end }}

{{- /* CustomResourceDefinitions are kept by an uninstall, and stay the old release's. */}}
{{- define "rtc-operator.refuseForeignCrds" -}}
{{- $foreign := list }}
{{- $owner := "" }}
{{- range list "rtcclusters.rtc.progressnet.gr" "turnservers.rtc.progressnet.gr" }}
{{- with lookup "apiextensions.k8s.io/v1" "CustomResourceDefinition" "" . }}
{{- if not (include "rtc-operator.isOurs" (list $ .)) }}
{{- $foreign = append $foreign .metadata.name }}
{{- $marks := default dict .metadata.annotations }}
{{- $name := get $marks "meta.helm.sh/release-name" }}
{{- $owner = ternary (printf "to the release %s in namespace %s" $name (get $marks "meta.helm.sh/release-namespace")) "to no release of Helm" (ne $name "") }}
{{- end }}
{{- end }}
{{- end }}
{{- if $foreign }}
{{- $names := join " " $foreign }}
{{- printf "\n\nThe CustomResourceDefinitions of this chart are there already and belong %s, not to %s in namespace %s: Helm does not touch what is another's.\nIf nobody else upgrades them any more (an uninstall keeps them, for without them every cluster would be deleted), take them over and try again:\n\n  kubectl label crd %s app.kubernetes.io/managed-by=Helm --overwrite\n  kubectl annotate crd %s meta.helm.sh/release-name=%s meta.helm.sh/release-namespace=%s --overwrite\n\nIf they are still another's, leave them there with --set crds.install=false, and give each operator its own watchNamespaces.\n" $owner .Release.Name .Release.Namespace $names $names .Release.Name .Release.Namespace | fail }}
{{- end }}
{{- end }}

{{- /* Two operators that serve the same namespace would undo each other's work: each elects a leader of its own. */}}
{{- define "rtc-operator.refuseRivals" -}}
{{- $roles := list }}
{{- /* Who makes nothing of the whole cluster may not be allowed to look at it. */}}
{{- if or .Values.rbac.nodes .Values.crds.install (not .Values.watchNamespaces) }}
{{- $roles = default list (lookup "rbac.authorization.k8s.io/v1" "ClusterRole" "" "").items }}
{{- end }}
{{- range .Values.watchNamespaces }}
{{- $roles = concat $roles (default list (lookup "rbac.authorization.k8s.io/v1" "Role" . "").items) }}
{{- end }}
{{- if not .Values.watchNamespaces }}
{{- $roles = concat $roles (default list (lookup "rbac.authorization.k8s.io/v1" "Role" "" "").items) }}
{{- end }}
{{- range $roles }}
{{- $labels := default dict .metadata.labels }}
{{- $isOperator := and (hasPrefix "rtc-operator-" (get $labels "helm.sh/chart")) (contains "rtcclusters/status" (toJson .rules)) }}
{{- if and $isOperator (not (include "rtc-operator.isOurs" (list $ .))) }}
{{- $marks := default dict .metadata.annotations }}
{{- $where := ternary (printf "namespace %s" .metadata.namespace) "every namespace" (hasKey .metadata "namespace") }}
{{- printf "\n\nThe release %s in namespace %s has an operator that serves the RTCClusters of %s, and this one (%s in namespace %s) would serve them, too: each would undo what the other does.\nUninstall one of them, or give both watchNamespaces that have none in common.\n" (get $marks "meta.helm.sh/release-name") (get $marks "meta.helm.sh/release-namespace") $where $.Release.Name $.Release.Namespace | fail }}
{{- end }}
{{- end }}
{{- end }}
