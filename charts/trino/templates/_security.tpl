{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /*
Each takes the user's security context and gives it over defaults that together
satisfy the Pod Security Standard "restricted".
*/ -}}

{{- define "trino.podSecurityContext" -}}
{{- include "trino.securityContext" (dict "given" . "defaults" (dict
  "runAsNonRoot" true
  "runAsUser" 1000
  "runAsGroup" 1000
  "seccompProfile" (dict "type" "RuntimeDefault"))) -}}
{{- end }}

{{- /*
The root file system stays writable: which folders outside of /tmp and the data
folder Trino writes to is up to the user's files (spill, exchange, logs, heap
dumps), and no source says that the image starts without it.
*/ -}}
{{- define "trino.containerSecurityContext" -}}
{{- include "trino.securityContext" (dict "given" . "defaults" (dict
  "allowPrivilegeEscalation" false
  "readOnlyRootFilesystem" false
  "capabilities" (dict "drop" (list "ALL")))) -}}
{{- end }}

{{- /*
Whoever asks for user 0 gets it: runAsNonRoot must then not contradict, neither
that of the chart nor, for a container, that of the pod.
*/ -}}
{{- define "trino.securityContext" -}}
{{- $merged := mergeOverwrite .defaults (deepCopy .given) -}}
{{- $root := eq "0" (toString (get .given "runAsUser")) -}}
{{- if and $root (not (hasKey .given "runAsNonRoot")) -}}
{{- $_ := set $merged "runAsNonRoot" false -}}
{{- end -}}
{{- toYaml $merged -}}
{{- end }}
