{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /*
Each gives the user's security context over defaults that together satisfy the
Pod Security Standard "restricted".
*/ -}}

{{- define "metastore.podSecurityContext" -}}
{{- $user := (include "metastore.layout" . | fromJson).user | int -}}
{{- include "metastore.securityContext" (dict
  "given" .Values.podSecurityContext
  "defaults" (dict
    "runAsNonRoot" true
    "runAsUser" $user
    "runAsGroup" $user
    "seccompProfile" (dict "type" "RuntimeDefault"))) -}}
{{- end }}

{{- /*
The root file system stays writable: images differ in where the scripts of
Hadoop and Hive write, and no source says that they start without it.
*/ -}}
{{- define "metastore.containerSecurityContext" -}}
{{- include "metastore.securityContext" (dict "given" . "defaults" (dict
  "allowPrivilegeEscalation" false
  "readOnlyRootFilesystem" false
  "capabilities" (dict "drop" (list "ALL")))) -}}
{{- end }}

{{- /*
Whoever asks for user 0 gets it: runAsNonRoot must then not contradict, neither
that of the chart nor, for a container, that of the pod.
*/ -}}
{{- define "metastore.securityContext" -}}
{{- $merged := mergeOverwrite .defaults (deepCopy .given) -}}
{{- $root := eq "0" (toString (get .given "runAsUser")) -}}
{{- if and $root (not (hasKey .given "runAsNonRoot")) -}}
{{- $_ := set $merged "runAsNonRoot" false -}}
{{- end -}}
{{- toYaml $merged -}}
{{- end }}
