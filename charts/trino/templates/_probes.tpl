{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- define "trino.probe" -}}
httpGet:
  path: /v1/info
  port: http
periodSeconds: {{ .period }}
timeoutSeconds: 5
failureThreshold: {{ .failures }}
{{- end }}

{{- /*
/v1/info answers 200 while catalogs are still being loaded, so readiness takes
the image's own script, which also looks for "starting": false. It came with
release 372 (release notes, "Docker image").
*/ -}}
{{- define "trino.readinessProbe" -}}
{{- $release := regexFind "^[0-9]+" .Values.image.tag | default "372" | int -}}
{{- if lt $release 372 -}}
{{ include "trino.probe" (dict "period" 10 "failures" 3) }}
{{- else -}}
exec:
  command:
    - /usr/lib/trino/bin/health-check
periodSeconds: 10
timeoutSeconds: 5
failureThreshold: 3
{{- end -}}
{{- end }}

{{- define "trino.probes" -}}
startupProbe:
  {{- if .Values.probes.startup }}
  {{- toYaml .Values.probes.startup | nindent 2 }}
  {{- else }}
  {{- include "trino.probe" (dict "period" 5 "failures" 120) | nindent 2 }}
  {{- end }}
livenessProbe:
  {{- if .Values.probes.liveness }}
  {{- toYaml .Values.probes.liveness | nindent 2 }}
  {{- else }}
  {{- /* A minute: a long garbage collection must not cost the queries. */}}
  {{- include "trino.probe" (dict "period" 10 "failures" 6) | nindent 2 }}
  {{- end }}
readinessProbe:
  {{- if .Values.probes.readiness }}
  {{- toYaml .Values.probes.readiness | nindent 2 }}
  {{- else }}
  {{- include "trino.readinessProbe" . | nindent 2 }}
  {{- end }}
{{- end }}
