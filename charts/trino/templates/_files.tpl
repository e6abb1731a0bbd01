{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /*
ConfigMap data of one role. The same name and content at two paths is one key.
quote, not toJson, is what a YAML parser reads back byte for byte: toJson
leaves characters bare that YAML refuses (DEL) or folds to a space (NEL). Helm
reads what was rendered and writes it anew, and that leaves them bare, too: a
file with such a character goes as base64.
*/ -}}
{{- define "trino.fileData" -}}
{{- $text := dict -}}
{{- $binary := dict -}}
{{- range .values.files -}}
{{- if .secret -}}
{{- continue -}}
{{- end -}}
{{- if regexMatch `[\x7f-\x9f\x{fffe}\x{ffff}]` .value -}}
{{- $_ := set $binary .key (b64enc .value) -}}
{{- else -}}
{{- $_ := set $text .key .value -}}
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

{{- define "trino.fileMounts" -}}
{{- range .values.files }}
- name: {{ hasKey . "secret" | ternary "secret-volume" "configmap-volume" }}
  mountPath: {{ printf "%s/%s" .path .name | clean | quote }}
  subPath: {{ quote .key }}
  readOnly: true
{{- end }}
{{- end }}

{{- /*
Volumes of the files of one role. The Secret holds both roles' files; only
this role's reach its pods, and a pod whose file is missing does not start.
*/ -}}
{{- define "trino.fileVolumes" -}}
{{- $open := false -}}
{{- $secret := list -}}
{{- range .values.files -}}
{{- if .secret -}}
{{- $secret = append $secret .key | uniq -}}
{{- else -}}
{{- $open = true -}}
{{- end -}}
{{- end -}}
{{- if $open }}
- name: configmap-volume
  configMap:
    name: trino-{{ .role }}
{{- end }}
{{- if $secret }}
- name: secret-volume
  secret:
    secretName: {{ .root.Values.existingSecret | required
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
{{- define "trino.fileChecksums" -}}
{{- with .values.files }}
checksum/config: {{ toJson . | sha256sum }}
{{- end }}
{{- with .values.secretChecksum }}
checksum/secret: {{ quote . }}
{{- end }}
{{- end }}
