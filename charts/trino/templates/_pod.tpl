{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /* The pod template of one role. */ -}}
{{- define "trino.podTemplate" -}}
metadata:
  labels:
    {{- include "trino.podLabels" . | nindent 4 }}
  {{- with include "trino.fileChecksums" . | trim }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
spec:
  {{- include "trino.podPlacement" . | trim | nindent 2 }}
  {{- if .values.initContainers }}
  initContainers:
    {{- include "trino.initContainers" . | nindent 4 }}
  {{- end }}
  containers:
    - {{ include "trino.container" . | nindent 6 | trim }}
  volumes:
    {{- include "trino.volumes" . | nindent 4 }}
{{- end }}

{{- /* Identity and scheduling. Trino does not talk to Kubernetes: no token. */ -}}
{{- define "trino.podPlacement" -}}
serviceAccountName: {{ quote .root.Values.serviceAccount.name }}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: {{ int .values.terminationGracePeriodSeconds }}
securityContext:
  {{- include "trino.podSecurityContext" .root.Values.podSecurityContext
    | nindent 2 }}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "trino.container" -}}
name: trino-{{ .role }}
image: {{ include "trino.image" .root.Values.image | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  {{- include "trino.containerSecurityContext"
    .root.Values.containerSecurityContext | nindent 2 }}
ports:
  - name: http
    containerPort: {{ include "trino.httpPort" . }}
    protocol: TCP
{{ include "trino.probes" .root }}
{{- with .values.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
  - name: data-volume
    mountPath: {{ quote .root.Values.dataDir }}
  - name: tmp-volume
    mountPath: /tmp
  {{- with include "trino.fileMounts" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- with include "trino.sharedMounts" . | fromJsonArray }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "trino.volumes" -}}
- name: data-volume
  emptyDir: {}
- name: tmp-volume
  emptyDir: {}
{{- with include "trino.fileVolumes" . | trim }}
{{ . }}
{{- end }}
{{- with include "trino.sharedVolumes" . | trim }}
{{ . }}
{{- end }}
{{- end }}
