{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /*
Each takes the user's security context and gives it over defaults that together
satisfy the Pod Security Standard "restricted".
*/ -}}

{{- define "mysql.podSecurityContext" -}}
{{- include "mysql.securityContext" (dict "given" . "defaults" (dict
  "runAsNonRoot" true
  "runAsUser" 999
  "runAsGroup" 999
  "fsGroup" 999
  "fsGroupChangePolicy" "OnRootMismatch"
  "seccompProfile" (dict "type" "RuntimeDefault"))) -}}
{{- end }}

{{- /* What the server writes outside of its volume is an emptyDir. */ -}}
{{- define "mysql.containerSecurityContext" -}}
{{- include "mysql.securityContext" (dict "given" . "defaults" (dict
  "allowPrivilegeEscalation" false
  "readOnlyRootFilesystem" true
  "capabilities" (dict "drop" (list "ALL")))) -}}
{{- end }}

{{- /*
Whoever asks for user 0 gets it: runAsNonRoot must then not contradict, neither
that of the chart nor, for a container, that of the pod.
*/ -}}
{{- define "mysql.securityContext" -}}
{{- $merged := mergeOverwrite .defaults (deepCopy .given) -}}
{{- $root := eq "0" (toString (get .given "runAsUser")) -}}
{{- if and $root (not (hasKey .given "runAsNonRoot")) -}}
{{- $_ := set $merged "runAsNonRoot" false -}}
{{- end -}}
{{- toYaml $merged -}}
{{- end }}
