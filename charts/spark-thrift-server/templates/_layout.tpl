{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /*
What is where in an image, by its repository. The images of both lines are
made with Spark's own entrypoint.sh, which, given "driver", runs spark-submit
in client mode. Those of cloudcheflabs have no user 185 in /etc/passwd; their
entrypoint adds it, which takes group 0.
*/ -}}
{{- define "spark.layouts" -}}
apache/spark:
  command: [/opt/entrypoint.sh, driver]
  user: 185
  group: 185
cloudcheflabs/spark:
  command: [/opt/entrypoint.sh, driver]
  user: 185
  group: 0
{{- end }}

{{- define "spark.layout" -}}
{{- $known := include "spark.layouts" . | fromYaml -}}
{{- $layout := get $known "apache/spark" -}}
{{- range $repository, $found := $known -}}
{{- if hasSuffix (printf "/%s" $repository)
  (printf "/%s" $.Values.image.repository) -}}
{{- $layout = $found -}}
{{- end -}}
{{- end -}}
{{- with .Values.layout -}}
{{- if .command }}{{ $_ := set $layout "command" .command }}{{ end -}}
{{- if .user }}{{ $_ := set $layout "user" .user }}{{ end -}}
{{- if ge (int .group) 0 }}{{ $_ := set $layout "group" .group }}{{ end -}}
{{- end -}}
{{- toYaml $layout -}}
{{- end }}

{{- /*
Before 3.2 Spark drops from the executors' template what its Kubernetes client
is too old for: ephemeral volumes and seccompProfile. By the image's tag.
*/ -}}
{{- define "spark.isOld" -}}
{{- if regexMatch `^v?(2|3\.[01])(\D|$)` .Values.image.tag }}true{{ end -}}
{{- end }}
