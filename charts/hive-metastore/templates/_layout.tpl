{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /*
Where an image keeps things, as JSON: by repository and tag, and by
.Values.layout over that. "user" must have a name in the image's /etc/passwd,
or Hadoop's login fails: 1000 is hive in apache/hive, 65534 is nobody in the
Debian below cloudcheflabs/hivemetastore, which names nobody else of use.
*/ -}}
{{- define "metastore.layout" -}}
{{- $image := .Values.image -}}
{{- $port := .Values.service.port | int | toString -}}
{{- $home := "/opt/hive" -}}
{{- $start := list "/opt/hive/bin/hive" "--skiphadoopversion"
  "--skiphbasecp" "--service" "metastore" "-p" $port -}}
{{- $layout := dict "conf" "/opt/hive/conf" "hadoopConf" "/opt/hive/conf"
  "user" 1000 -}}
{{- if regexMatch "(^|/)cloudcheflabs/hivemetastore$" $image.repository -}}
{{- $home = "/opt/hive-metastore" -}}
{{- $start = list "/opt/hive-metastore/bin/start-metastore" "-p" $port -}}
{{- $layout = dict "conf" "/opt/hive-metastore/conf"
  "hadoopConf" "/opt/hadoop/etc/hadoop" "user" 65534 -}}
{{- else if hasPrefix "standalone-metastore-" $image.tag -}}
{{- $start = list "/opt/hive/bin/start-metastore" "-p" $port -}}
{{- end -}}
{{- $_ := set $layout "start" $start -}}
{{- $_ := set $layout "schematool" (printf "%s/bin/schematool" $home) -}}
{{- range $key, $value := .Values.layout -}}
{{- if $value -}}
{{- $_ := set $layout $key $value -}}
{{- end -}}
{{- end -}}
{{- toJson $layout -}}
{{- end }}
