{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- define "metastore.probe" -}}
tcpSocket:
  port: thrift
periodSeconds: {{ .period }}
timeoutSeconds: 5
failureThreshold: {{ .failures }}
{{- end }}

{{- define "metastore.probes" -}}
startupProbe:
  {{- if .Values.probes.startup }}
  {{- toYaml .Values.probes.startup | nindent 2 }}
  {{- else }}
  {{- include "metastore.probe" (dict "period" 5 "failures" 60) | nindent 2 }}
  {{- end }}
livenessProbe:
  {{- if .Values.probes.liveness }}
  {{- toYaml .Values.probes.liveness | nindent 2 }}
  {{- else }}
  {{- include "metastore.probe" (dict "period" 30 "failures" 3) | nindent 2 }}
  {{- end }}
readinessProbe:
  {{- if .Values.probes.readiness }}
  {{- toYaml .Values.probes.readiness | nindent 2 }}
  {{- else }}
  {{- include "metastore.probe" (dict "period" 10 "failures" 3) | nindent 2 }}
  {{- end }}
{{- end }}
