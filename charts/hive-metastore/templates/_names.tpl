{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- define "metastore.selectorLabels" -}}
app.kubernetes.io/name: hive-metastore
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- /* No version here: a new chart alone must not replace running pods. */ -}}
{{- define "metastore.podLabels" -}}
{{ include "metastore.selectorLabels" . }}
app.kubernetes.io/part-of: roaster
app: metastore
{{- end }}

{{- define "metastore.labels" -}}
{{ include "metastore.podLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with include "metastore.version" . }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
helm.sh/chart: {{ include "metastore.chart" . }}
{{- end }}

{{- define "metastore.chart" -}}
{{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end }}

{{- /* The image's tag, cut to what a label value may be. */ -}}
{{- define "metastore.version" -}}
{{ regexReplaceAll "^[._-]+|[._-]+$" (trunc 63 .Values.image.tag) "" }}
{{- end }}

{{- define "metastore.image" -}}
{{- with .registry }}{{ . }}/{{ end -}}
{{- .repository -}}
{{- with .tag }}:{{ . }}{{ end -}}
{{- with .digest }}@{{ . }}{{ end -}}
{{- end }}
