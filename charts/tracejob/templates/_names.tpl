{{/*
Of what lies in the release's namespace: a DNS label that begins with a letter, as a Service's name has to,
and at most 40 long, so that there is room for what is put after it.
*/}}
{{- define "tracejob.name" -}}
{{- $name := .Values.fullnameOverride | default .Release.Name | replace "." "-" -}}
{{- if regexMatch "^[0-9]" $name -}}{{- $name = printf "tracejob-%s" $name -}}{{- end -}}
{{- if gt (len $name) 40 -}}
{{- $name = printf "%s-%s" ($name | trunc 31 | trimAll "-") ($name | sha256sum | trunc 8) -}}
{{- end -}}
{{- $name -}}
{{- end -}}

{{/*
Of what has no namespace. Neither of the two has a dot in it, so releases of one name in two namespaces do not meet,
nor do "b" in "a-b" and "b-b" in "a".
*/}}
{{- define "tracejob.clusterName" -}}
{{- $name := include "tracejob.name" . -}}
{{- if eq $name .Release.Namespace -}}{{- $name -}}{{- else -}}{{- printf "%s.%s" .Release.Namespace $name -}}{{- end -}}
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
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
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

{{/*
What the operator is told of its agents: operator/config.ts reads it. The kubelet makes one $ of two in an
environment variable, and of $(NAME) another variable's value; in JSON there is another way to write it.
*/}}
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
{{- $settings | toJson | replace "$" "\\u0024" -}}
{{- end -}}

{{/* All that Pod Security's level "restricted" asks of a pod, and of a container. */}}
{{- define "tracejob.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "tracejob.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* There before the pod of the test, and gone with it. */}}
{{- define "tracejob.testRights" -}}
helm.sh/hook: test
helm.sh/hook-weight: "-1"
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded,hook-failed
{{- end -}}
