{{- define "rtc-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "rtc-operator.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride }}
{{- else if contains (include "rtc-operator.name" .) .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "rtc-operator.name" .) | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "rtc-operator.selector" -}}
app.kubernetes.io/name: {{ include "rtc-operator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "rtc-operator.labels" -}}
{{ include "rtc-operator.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /* Of what `helm test` makes: no selector of the operator's must find it. */}}
{{- define "rtc-operator.testLabels" -}}
app.kubernetes.io/name: {{ include "rtc-operator.name" . }}-test
{{ include "rtc-operator.labels" . | replace (printf "app.kubernetes.io/name: %s\n" (include "rtc-operator.name" .)) "" }}
{{- end }}

{{- define "rtc-operator.serviceAccount" -}}
{{- default (include "rtc-operator.fullname" .) .Values.serviceAccount.name }}
{{- end }}

{{- /* (list image appVersion): a digest wins over a tag. */}}
{{- define "rtc-operator.image" -}}
{{- $image := index . 0 }}
{{- if $image.digest }}
{{- printf "%s@%s" $image.repository $image.digest }}
{{- else }}
{{- printf "%s:%s" $image.repository (default (index . 1) $image.tag) }}
{{- end }}
{{- end }}

{{- /* Whom every binding binds. */}}
{{- define "rtc-operator.subjects" -}}
- kind: ServiceAccount
  name: {{ include "rtc-operator.serviceAccount" . }}
  namespace: {{ .Release.Namespace }}
{{- end }}
