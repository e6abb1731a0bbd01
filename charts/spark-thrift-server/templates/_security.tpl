{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /*
Each gives the user's security context over defaults that together satisfy the
Pod Security Standard "restricted", for the driver and for the executors.
*/ -}}

{{- define "spark.podSecurityContext" -}}
{{- $layout := include "spark.layout" . | fromYaml -}}
{{- include "spark.securityContext" (dict
  "given" .Values.podSecurityContext "defaults" (dict
  "runAsNonRoot" true
  "runAsUser" (int $layout.user)
  "runAsGroup" (int $layout.group)
  "fsGroup" 185
  "seccompProfile" (dict "type" "RuntimeDefault"))) -}}
{{- end }}

{{- /*
The root file system stays writable: Spark writes to its work folder, and the
entrypoint of some images to /etc/passwd.
*/ -}}
{{- define "spark.containerSecurityContext" -}}
{{- include "spark.securityContext" (dict
  "given" .Values.containerSecurityContext "defaults" (dict
  "allowPrivilegeEscalation" false
  "readOnlyRootFilesystem" false
  "capabilities" (dict "drop" (list "ALL")))) -}}
{{- end }}

{{- /* Whoever asks for user 0 gets it: runAsNonRoot must not contradict. */ -}}
{{- define "spark.securityContext" -}}
{{- $merged := mergeOverwrite .defaults (deepCopy .given) -}}
{{- $root := eq "0" (toString (get .given "runAsUser")) -}}
{{- if and $root (not (hasKey .given "runAsNonRoot")) -}}
{{- $_ := set $merged "runAsNonRoot" false -}}
{{- end -}}
{{- toYaml $merged -}}
{{- end }}
