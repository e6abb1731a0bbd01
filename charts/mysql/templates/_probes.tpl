{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /*
By TCP, because the server that fills a new volume answers on the socket only.
A refused login counts as alive for mysqladmin: no password is needed.
*/ -}}
{{- define "mysql.probe" -}}
exec:
  command:
    - mysqladmin
    - ping
    - --protocol=TCP
    - --host=127.0.0.1
    - --port=3306
    - --connect-timeout=3
periodSeconds: {{ .period }}
timeoutSeconds: 5
failureThreshold: {{ .failures }}
{{- end }}

{{- define "mysql.probes" -}}
startupProbe:
  {{- if .Values.probes.startup }}
  {{- toYaml .Values.probes.startup | nindent 2 }}
  {{- else }}
  {{- include "mysql.probe" (dict "period" 5 "failures" 120) | nindent 2 }}
  {{- end }}
livenessProbe:
  {{- if .Values.probes.liveness }}
  {{- toYaml .Values.probes.liveness | nindent 2 }}
  {{- else }}
  {{- include "mysql.probe" (dict "period" 10 "failures" 6) | nindent 2 }}
  {{- end }}
readinessProbe:
  {{- if .Values.probes.readiness }}
  {{- toYaml .Values.probes.readiness | nindent 2 }}
  {{- else }}
  {{- include "mysql.probe" (dict "period" 5 "failures" 3) | nindent 2 }}
  {{- end }}
{{- end }}
