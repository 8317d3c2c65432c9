{{/*
The stem of names: `ngpool` for a release `ngpool`, `<release>-ngpool` for others, cut so that what
is added still fits 63 characters.
*/}}
{{- define "ngpool.stem" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 44 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 44 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 44 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "ngpool.operator" -}}
{{- $stem := include "ngpool.stem" . -}}
{{- if hasSuffix "-operator" $stem -}}{{- $stem -}}{{- else -}}{{- printf "%s-operator" $stem -}}{{- end -}}
{{- end -}}

{{- define "ngpool.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "ngpool.operator" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* What selects the operator's pods: never a version. NetworkPolicies of pools know the component. */}}
{{- define "ngpool.selector" -}}
app.kubernetes.io/name: ngpool
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
app.kubernetes.io/part-of: ngpool
{{- end -}}

{{/* Labels of every object. */}}
{{- define "ngpool.labels" -}}
{{ include "ngpool.selector" . }}
{{- include "ngpool.otherLabels" . }}
{{- end -}}

{{/* The same for what is no part of the operator. */}}
{{- define "ngpool.plainLabels" -}}
app.kubernetes.io/name: ngpool
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: ngpool
{{- include "ngpool.otherLabels" . }}
{{- end -}}

{{- define "ngpool.otherLabels" }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "ngpool.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{- printf "%s@%s" .repository .digest -}}
{{- else -}}
{{- printf "%s:%s" .repository (default $.Chart.AppVersion .tag) -}}
{{- end -}}
{{- end -}}
{{- end -}}
