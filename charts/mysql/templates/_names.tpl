{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- define "mysql.selectorLabels" -}}
app.kubernetes.io/name: mysql
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- /* No version here: a new chart alone must not replace running pods. */ -}}
{{- define "mysql.podLabels" -}}
{{ include "mysql.selectorLabels" . }}
app.kubernetes.io/part-of: roaster
app: mysql
{{- end }}

{{- define "mysql.labels" -}}
{{ include "mysql.podLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with include "mysql.version" . }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
helm.sh/chart: {{ include "mysql.chart" . }}
{{- end }}

{{- /* A claim outlives the release, so it says whose it is, if anybody's. */ -}}
{{- define "mysql.claimLabels" -}}
{{ include "mysql.labels" . }}
{{- range $key := list "kind" "name" }}
{{- with get $.Values.owner $key }}
roaster-{{ $key }}: {{ quote . }}
{{- end }}
{{- end }}
{{- end }}

{{- define "mysql.chart" -}}
{{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end }}

{{- /* The image's tag, cut to what a label value may be. */ -}}
{{- define "mysql.version" -}}
{{ regexReplaceAll "^[._-]+|[._-]+$" (trunc 63 .Values.image.tag) "" }}
{{- end }}

{{- define "mysql.image" -}}
{{- with .registry }}{{ . }}/{{ end -}}
{{- .repository -}}
{{- with .tag }}:{{ . }}{{ end -}}
{{- with .digest }}@{{ . }}{{ end -}}
{{- end }}
