{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- define "spark.probe" -}}
tcpSocket:
  port: jdbc-port
periodSeconds: {{ .period }}
timeoutSeconds: 5
failureThreshold: {{ .failures }}
{{- end }}

{{- define "spark.probes" -}}
startupProbe:
  {{- if .Values.probes.startup }}
  {{- toYaml .Values.probes.startup | nindent 2 }}
  {{- else }}
  {{- include "spark.probe" (dict "period" 5 "failures" 120) | nindent 2 }}
  {{- end }}
livenessProbe:
  {{- if .Values.probes.liveness }}
  {{- toYaml .Values.probes.liveness | nindent 2 }}
  {{- else }}
  {{- /* A minute: a long garbage collection must not cost the sessions. */}}
  {{- include "spark.probe" (dict "period" 10 "failures" 6) | nindent 2 }}
  {{- end }}
readinessProbe:
  {{- if .Values.probes.readiness }}
  {{- toYaml .Values.probes.readiness | nindent 2 }}
  {{- else }}
  {{- include "spark.probe" (dict "period" 10 "failures" 3) | nindent 2 }}
  {{- end }}
{{- end }}
