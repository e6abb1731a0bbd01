{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /*
The user's init containers, with the chart's security context under their own.
*/ -}}
{{- define "metastore.initContainers" -}}
{{- $containers := list -}}
{{- range .Values.initContainers -}}
{{- $context := include "metastore.containerSecurityContext"
  (.securityContext | default dict) | fromYaml -}}
{{- $containers = append $containers
  (set (deepCopy .) "securityContext" $context) -}}
{{- end -}}
{{- toYaml $containers -}}
{{- end }}

{{- define "metastore.ownVolumes" -}}
["configmap-volume", "secret-volume", "tmp-volume"]
{{- end }}

{{- /*
What init containers mount, as a JSON list of mounts for both containers:
the way to hand a JDBC driver over. The chart's own volumes are mounted
there anyhow.
*/ -}}
{{- define "metastore.sharedMounts" -}}
{{- $own := include "metastore.ownVolumes" . | fromJsonArray -}}
{{- $mounts := dict -}}
{{- range .Values.initContainers -}}
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

{{- define "metastore.sharedVolumes" -}}
{{- $own := include "metastore.ownVolumes" . | fromJsonArray -}}
{{- $names := list -}}
{{- range .Values.initContainers -}}
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
