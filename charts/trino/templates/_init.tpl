{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /*
The user's init containers, with the chart's security context under their own.
*/ -}}
{{- define "trino.initContainers" -}}
{{- $containers := list -}}
{{- range .values.initContainers -}}
{{- $context := include "trino.containerSecurityContext"
  (.securityContext | default dict) | fromYaml -}}
{{- $containers = append $containers
  (set (deepCopy .) "securityContext" $context) -}}
{{- end -}}
{{- toYaml $containers -}}
{{- end }}

{{- define "trino.ownVolumes" -}}
["configmap-volume", "secret-volume", "data-volume", "tmp-volume"]
{{- end }}

{{- /*
What init containers mount, as a JSON list of mounts for the Trino container:
DataRoaster's way of handing plugins or keys over. The chart's own volumes are
mounted there anyhow.
*/ -}}
{{- define "trino.sharedMounts" -}}
{{- $own := include "trino.ownVolumes" . | fromJsonArray -}}
{{- $mounts := dict -}}
{{- range .values.initContainers -}}
{{- range .volumeMounts -}}
{{- if not (has .name $own) -}}
{{- $_ := set $mounts .mountPath (pick . "name" "mountPath" "subPath") -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $sorted := list -}}
{{- range $path := keys $mounts | sortAlpha -}}
{{- $sorted = append $sorted (get $mounts $path) -}}
{{- end -}}
{{- toJson $sorted -}}
{{- end }}

{{- define "trino.sharedVolumes" -}}
{{- $own := include "trino.ownVolumes" . | fromJsonArray -}}
{{- $names := list -}}
{{- range .values.initContainers -}}
{{- range .volumeMounts -}}
{{- if not (has .name $own) -}}
{{- $names = append $names .name -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $names | uniq | sortAlpha }}
- name: {{ . }}
  emptyDir: {}
{{- end }}
{{- end }}
