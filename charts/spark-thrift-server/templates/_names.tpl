{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- define "spark.releaseLabels" -}}
app.kubernetes.io/name: spark-thrift-server
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "spark.driverSelector" -}}
{{ include "spark.releaseLabels" . }}
app.kubernetes.io/component: driver
{{- end }}

{{- define "spark.executorSelector" -}}
{{ include "spark.releaseLabels" . }}
app.kubernetes.io/component: executor
{{- end }}

{{- define "spark.labels" -}}
{{ include "spark.releaseLabels" . }}
app.kubernetes.io/part-of: roaster
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with include "spark.version" . }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
helm.sh/chart: {{ include "spark.chart" . }}
{{- end }}

{{- /*
No version here: a new chart alone must not replace a running pod. spark-role
is the label by which Spark's and DataRoaster's users select.
*/ -}}
{{- define "spark.driverLabels" -}}
{{- $own := include "spark.driverSelector" . | fromYaml -}}
{{- $_ := set $own "app.kubernetes.io/part-of" "roaster" -}}
{{- $_ := set $own "spark-role" "driver" -}}
{{- merge $own .Values.driver.labels | toYaml -}}
{{- end }}

{{- /* A claim outlives the release, so it says whose it is, if anybody's. */ -}}
{{- define "spark.claimLabels" -}}
{{ include "spark.labels" . }}
app.kubernetes.io/component: driver
{{- range $key := list "kind" "name" }}
{{- with get $.Values.owner $key }}
roaster-{{ $key }}: {{ quote . }}
{{- end }}
{{- end }}
{{- end }}

{{- define "spark.executorLabels" -}}
{{- $own := include "spark.executorSelector" . | fromYaml -}}
{{- $_ := set $own "app.kubernetes.io/part-of" "roaster" -}}
{{- merge $own .Values.executor.labels | toYaml -}}
{{- end }}

{{- define "spark.chart" -}}
{{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end }}

{{- /* The image's tag, cut to what a label value may be. */ -}}
{{- define "spark.version" -}}
{{ regexReplaceAll "^[._-]+|[._-]+$" (trunc 63 .Values.image.tag) "" }}
{{- end }}

{{- define "spark.image" -}}
{{- with .registry }}{{ . }}/{{ end -}}
{{- .repository -}}
{{- with .tag }}:{{ . }}{{ end -}}
{{- with .digest }}@{{ . }}{{ end -}}
{{- end }}

{{- /* With the time of start behind it, 47 characters: Spark 3.3 takes no more. */ -}}
{{- define "spark.podNamePrefix" -}}
{{- $given := .Values.executor.podNamePrefix | default .Release.Name -}}
{{ $given | replace "." "-" | trunc 38 | trimSuffix "-" }}
{{- end }}
