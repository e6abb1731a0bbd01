{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /*
Helpers that need to know whose object they write take a "role":
{root: the chart's context, role: coordinator|worker, values: that role's}.
*/ -}}

{{- define "trino.releaseLabels" -}}
app.kubernetes.io/name: trino
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
{{- end }}

{{- define "trino.selectorLabels" -}}
{{ include "trino.releaseLabels" . }}
app.kubernetes.io/component: {{ .role }}
{{- end }}

{{- /* The labels by which DataRoaster's users select. */ -}}
{{- define "trino.legacyLabels" -}}
app: trino-cluster
component: {{ .role }}
{{- end }}

{{- /* No version here: a new chart alone must not replace running pods. */ -}}
{{- define "trino.podLabels" -}}
{{ include "trino.selectorLabels" . }}
app.kubernetes.io/part-of: roaster
{{ include "trino.legacyLabels" . }}
{{- end }}

{{- define "trino.sharedLabels" -}}
{{ include "trino.releaseLabels" . }}
app.kubernetes.io/part-of: roaster
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- with include "trino.version" .root }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
helm.sh/chart: {{ include "trino.chart" .root }}
{{- end }}

{{- define "trino.labels" -}}
{{ include "trino.sharedLabels" . }}
app.kubernetes.io/component: {{ .role }}
{{ include "trino.legacyLabels" . }}
{{- end }}

{{- define "trino.chart" -}}
{{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end }}

{{- /* The image's tag, cut to what a label value may be. */ -}}
{{- define "trino.version" -}}
{{ regexReplaceAll "^[._-]+|[._-]+$" (trunc 63 .Values.image.tag) "" }}
{{- end }}

{{- define "trino.image" -}}
{{- with .registry }}{{ . }}/{{ end -}}
{{- .repository -}}
{{- with .tag }}:{{ . }}{{ end -}}
{{- with .digest }}@{{ . }}{{ end -}}
{{- end }}

{{- /* Workers may listen on another port than the coordinator. */ -}}
{{- define "trino.httpPort" -}}
{{ .values.httpPort | int | default (int .root.Values.service.port) }}
{{- end }}
