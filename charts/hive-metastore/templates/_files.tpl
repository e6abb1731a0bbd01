{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /* The files without "secret". Why quote: see charts/trino, the same. */ -}}
{{- define "metastore.fileData" -}}
{{- $text := dict -}}
{{- $binary := dict -}}
{{- range .Values.files -}}
{{- if .secret -}}
{{- continue -}}
{{- end -}}
{{- if regexMatch `[\x7f-\x9f\x{fffe}\x{ffff}]` .value -}}
{{- $_ := set $binary .name (b64enc .value) -}}
{{- else -}}
{{- $_ := set $text .name .value -}}
{{- end -}}
{{- end -}}
{{- if $text }}
data:
  {{- range $key, $value := $text }}
  {{ quote $key }}: {{ quote $value }}
  {{- end }}
{{- end }}
{{- if $binary }}
binaryData:
  {{- range $key, $value := $binary }}
  {{ quote $key }}: {{ quote $value }}
  {{- end }}
{{- end }}
{{- end }}

{{- /* Hadoop reads its own files from its own folder. */ -}}
{{- define "metastore.fileMounts" -}}
{{- $layout := include "metastore.layout" . | fromJson -}}
{{- range .Values.files }}
{{- $folder := regexMatch "^(core|hdfs)-site\\.xml$" .name
  | ternary $layout.hadoopConf $layout.conf }}
- name: {{ hasKey . "secret" | ternary "secret-volume" "configmap-volume" }}
  mountPath: {{ printf "%s/%s" $folder .name | clean | quote }}
  subPath: {{ quote .name }}
  readOnly: true
{{- end }}
{{- end }}

{{- define "metastore.fileVolumes" -}}
{{- $open := false -}}
{{- $secret := list -}}
{{- range .Values.files -}}
{{- if .secret -}}
{{- $secret = append $secret .name | uniq -}}
{{- else -}}
{{- $open = true -}}
{{- end -}}
{{- end -}}
{{- if $open }}
- name: configmap-volume
  configMap:
    name: metastore-cfg
{{- end }}
{{- if $secret }}
- name: secret-volume
  secret:
    secretName: {{ .Values.existingSecret | required
      "existingSecret must name the Secret of the files with secret: true"
      | quote }}
    items:
      {{- range $secret }}
      - key: {{ quote . }}
        path: {{ quote . }}
      {{- end }}
{{- end }}
{{- end }}

{{- /* A file mounted by subPath never refreshes: a change rolls the pods. */ -}}
{{- define "metastore.fileChecksums" -}}
{{- with .Values.files }}
checksum/config: {{ toJson . | sha256sum }}
{{- end }}
{{- with .Values.secretChecksum }}
checksum/secret: {{ quote . }}
{{- end }}
{{- end }}
