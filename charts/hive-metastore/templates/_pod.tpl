{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /* What the schema tool and the metastore have in common. */ -}}
{{- define "metastore.commonContainer" -}}
{{- $layout := include "metastore.layout" . | fromJson -}}
image: {{ include "metastore.image" .Values.image | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  {{- include "metastore.containerSecurityContext"
    .Values.containerSecurityContext | nindent 2 }}
env:
  - name: HADOOP_CONF_DIR
    value: {{ quote $layout.hadoopConf }}
  - name: HIVE_CONF_DIR
    value: {{ quote $layout.conf }}
  - name: METASTORE_CONF_DIR
    value: {{ quote $layout.conf }}
  {{- with .Values.javaOptions }}
  - name: HADOOP_CLIENT_OPTS
    value: {{ quote . }}
  {{- end }}
  {{- with .Values.auxJars }}
  - name: HIVE_AUX_JARS_PATH
    value: {{ quote . }}
  - name: METASTORE_AUX_JARS_PATH
    value: {{ quote . }}
  {{- end }}
{{- with .Values.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
  - name: tmp-volume
    mountPath: /tmp
  {{- with include "metastore.fileMounts" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- with include "metastore.sharedMounts" . | fromJsonArray }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "metastore.container" -}}
name: metastore
{{ include "metastore.commonContainer" . }}
command:
  {{- (include "metastore.layout" . | fromJson).start | toYaml | nindent 2 }}
ports:
  - name: thrift
    containerPort: {{ int .Values.service.port }}
    protocol: TCP
{{ include "metastore.probes" . }}
{{- end }}

{{- define "metastore.volumes" -}}
- name: tmp-volume
  emptyDir: {}
{{- with include "metastore.fileVolumes" . | trim }}
{{ . }}
{{- end }}
{{- with include "metastore.sharedVolumes" . | trim }}
{{ . }}
{{- end }}
{{- end }}
