{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /* The ConfigMap's data; a change of it replaces the driver. */ -}}
{{- define "spark.files" -}}
spark-defaults.conf: {{ include "spark.properties" . | trim | printf "%s\n" | quote }}
executor.yaml: |
  {{- include "spark.executorTemplate" . | nindent 2 }}
{{- end }}

{{- /*
Spark fills in image, arguments, environment and resources. It writes no
security context of its own. An executor talks to its driver only: no token.
*/ -}}
{{- define "spark.executorTemplate" -}}
apiVersion: v1
kind: Pod
metadata:
  labels:
    {{- include "spark.executorLabels" . | nindent 4 }}
  {{- with .Values.executor.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  automountServiceAccountToken: false
  enableServiceLinks: false
  securityContext:
    {{- include "spark.podSecurityContext" . | nindent 4 }}
  {{- with include "spark.placement" .Values.executor | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  containers:
    - name: executor
      securityContext:
        {{- include "spark.containerSecurityContext" . | nindent 8 }}
      {{- with include "spark.executorMounts" . | trim }}
      volumeMounts:
        {{- . | nindent 8 }}
      {{- end }}
  {{- with include "spark.executorVolumes" . | trim }}
  volumes:
    {{- . | nindent 4 }}
  {{- end }}
{{- end }}
