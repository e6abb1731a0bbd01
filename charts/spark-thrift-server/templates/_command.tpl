{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /*
The names of executors must differ at each start of the driver: a container
that is started again finds the pods of its predecessor, and Spark counts
from 1. Hence the shell; it gets what users write as arguments only. Options
of spark-submit come before the application, so the prefix goes in last.
*/ -}}
{{- define "spark.script" -}}
now=$(date +%s) &&
spark_prefix={{ include "spark.podNamePrefix" . }}-$(printf %x "$now") &&
exec {{ include "spark.launcher" . }}
--conf "spark.kubernetes.executor.podNamePrefix=$spark_prefix" "$@"
{{- end }}

{{- /* The layout's command, each word in single quotes. */ -}}
{{- define "spark.launcher" -}}
{{- $words := list -}}
{{- range (include "spark.layout" . | fromYaml).command -}}
{{- $words = append $words (printf "'%s'" (replace "'" `'\''` .)) -}}
{{- end -}}
{{- join " " $words -}}
{{- end }}

{{- /* Kubernetes expands $(X) in arguments, and makes $(X) of $$(X). */ -}}
{{- define "spark.arguments" -}}
- --properties-file
- /etc/roaster/spark/spark-defaults.conf
- --conf
- spark.kubernetes.driver.pod.name=$(ROASTER_POD_NAME)
- --class
- {{ quote .Values.class }}
- {{ .Values.applicationFile | replace "$(" "$$(" | quote }}
{{- range .Values.args }}
- {{ . | replace "$(" "$$(" | quote }}
{{- end }}
{{- end }}
