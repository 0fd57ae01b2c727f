{{- define "tracejob.name" -}}
{{- .Values.fullnameOverride | default .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* The name of what has no namespace: two releases of one name in two namespaces must not meet. */}}
{{- define "tracejob.clusterName" -}}
{{- printf "%s-%s" .Release.Namespace (include "tracejob.name" .) | trunc 60 | trimSuffix "-" -}}
{{- end -}}

{{- define "tracejob.selector" -}}
app.kubernetes.io/name: tracejob
app.kubernetes.io/instance: {{ include "tracejob.name" . }}
app.kubernetes.io/component: operator
{{- end -}}

{{- define "tracejob.labels" -}}
app.kubernetes.io/name: tracejob
app.kubernetes.io/instance: {{ include "tracejob.name" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "tracejob.image" -}}
{{- $image := .image -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default .chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "tracejob.agentCapabilities" -}}
{{- $all := .Values.agent.capabilities -}}
{{- if .Values.agent.sysAdmin -}}{{- $all = append $all "SYS_ADMIN" -}}{{- end -}}
{{- $all | uniq | toJson -}}
{{- end -}}

{{/* What the operator is told of its agents: operator/config.ts reads it. */}}
{{- define "tracejob.agentSettings" -}}
{{- $settings := dict
  "image" (include "tracejob.image" (dict "image" .Values.agent.image "chart" .Chart))
  "imagePullPolicy" .Values.agent.image.pullPolicy
  "imagePullSecrets" .Values.imagePullSecrets
  "serviceAccountName" (printf "%s-agent" (include "tracejob.name" .))
  "resources" .Values.agent.resources
  "capabilities" (include "tracejob.agentCapabilities" . | fromJsonArray)
  "seccompProfile" .Values.agent.seccompProfile
  "extraTolerations" .Values.agent.extraTolerations
  "env" .Values.agent.env -}}
{{- if .Values.agent.priorityClassName -}}
{{- $settings = set $settings "priorityClassName" .Values.agent.priorityClassName -}}
{{- end -}}
{{- $settings | toJson -}}
{{- end -}}
