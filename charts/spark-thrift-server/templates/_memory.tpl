{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /* A size as Spark writes it, in MiB; a number alone is MiB. */ -}}
{{- define "spark.mebibytes" -}}
{{- $size := lower . -}}
{{- if not (regexMatch "^[0-9]{1,12}([kmgt]b?)?$" $size) -}}
{{- fail (printf "confs: %s is no size in k, m, g or t" .) -}}
{{- end -}}
{{- $count := regexFind "^[0-9]+" $size | int64 -}}
{{- if contains "k" $size -}}{{ div $count 1024 }}
{{- else if contains "g" $size -}}{{ mul $count 1024 }}
{{- else if contains "t" $size -}}{{ mul $count 1024 1024 }}
{{- else -}}{{ $count }}{{ end -}}
{{- end }}

{{- /* What the driver's pod needs: the heap, and what Spark adds to it. */ -}}
{{- define "spark.driverMemory" -}}
{{- $confs := include "spark.confs" . | fromYaml -}}
{{- $heap := include "spark.mebibytes" (get $confs "spark.driver.memory")
  | int64 -}}
{{- $factor := get $confs "spark.driver.memoryOverheadFactor"
  | default (get $confs "spark.kubernetes.memoryOverheadFactor")
  | default "0.1" -}}
{{- $extra := mulf $heap $factor | int64 | max 384 -}}
{{- with get $confs "spark.driver.memoryOverhead" -}}
{{- $extra = include "spark.mebibytes" . | int64 -}}
{{- end -}}
{{ add $heap $extra }}Mi
{{- end }}
