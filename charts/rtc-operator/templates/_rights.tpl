{{- /* Generated from charts/values.ts and operator/kube/resources.ts by `npm run generate`. Do not edit. */}}
{{- define "rtc-operator.rights.cluster" -}}
- apiGroups:
    - ""
  resources:
    - nodes
  verbs:
    - list
    - watch
- apiGroups:
    - ""
  resources:
    - namespaces
  verbs:
    - list
    - watch
{{- end }}

{{- define "rtc-operator.rights.namespaced" -}}
- apiGroups:
    - rtc.progressnet.gr
  resources:
    - rtcclusters
  verbs:
    - list
    - watch
    - patch
- apiGroups:
    - rtc.progressnet.gr
  resources:
    - rtcclusters/status
  verbs:
    - patch
- apiGroups:
    - rtc.progressnet.gr
  resources:
    - rtcclusters/finalizers
  verbs:
    - update
- apiGroups:
    - rtc.progressnet.gr
  resources:
    - turnservers
  verbs:
    - list
    - watch
    - patch
- apiGroups:
    - rtc.progressnet.gr
  resources:
    - turnservers/status
  verbs:
    - patch
- apiGroups:
    - rtc.progressnet.gr
  resources:
    - turnservers/finalizers
  verbs:
    - update
- apiGroups:
    - ""
  resources:
    - pods
  verbs:
    - list
    - watch
    - create
    - patch
    - delete
- apiGroups:
    - ""
  resources:
    - services
  verbs:
    - get
    - list
    - watch
    - create
    - patch
- apiGroups:
    - ""
  resources:
    - configmaps
  verbs:
    - get
    - list
    - watch
    - create
    - patch
- apiGroups:
    - ""
  resources:
    - secrets
  verbs:
    - get
    - list
    - watch
    - create
    - patch
- apiGroups:
    - policy
  resources:
    - poddisruptionbudgets
  verbs:
    - get
    - list
    - watch
    - create
    - patch
    - delete
- apiGroups:
    - apps
  resources:
    - controllerrevisions
  verbs:
    - list
    - watch
    - create
    - patch
    - delete
- apiGroups:
    - cert-manager.io
  resources:
    - certificates
  verbs:
    - get
    - list
    - watch
    - create
    - patch
    - delete
- apiGroups:
    - events.k8s.io
  resources:
    - events
  verbs:
    - create
    - patch
{{- end }}

{{- define "rtc-operator.rights.lease" -}}
- apiGroups:
    - coordination.k8s.io
  resources:
    - leases
  verbs:
    - get
    - create
    - update
{{- end }}

{{- define "rtc-operator.rights.binding" -}}
- apiGroups:
    - ""
  resources:
    - secrets
  verbs:
    - get
    - list
    - watch
    - create
    - patch
    - delete
{{- end }}
