{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /* Volumes of the driver, in one list with the chart's own. */ -}}
{{- define "spark.driverVolumes" -}}
- name: conf-volume
  configMap:
    name: spark-thrift-server
- name: tmp-volume
  emptyDir: {}
{{- range .Values.driver.volumes }}
- name: {{ printf "user-%s" .name }}
  {{- if .claim }}
  persistentVolumeClaim:
    claimName: {{ quote .claim.name }}
  {{- else }}
  {{- include "spark.volumeSource" . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end }}

{{- /* What is there already, or needs no making. */ -}}
{{- define "spark.volumeSource" -}}
{{- if .existingClaim -}}
persistentVolumeClaim:
  claimName: {{ quote .existingClaim }}
{{- else -}}
emptyDir: {{ toJson .emptyDir }}
{{- end }}
{{- end }}

{{- define "spark.mountPoint" -}}
mountPath: {{ quote .mountPath }}
{{- with .subPath }}
subPath: {{ quote . }}
{{- end }}
{{- if .readOnly }}
readOnly: true
{{- end }}
{{- end }}

{{- define "spark.driverMounts" -}}
- name: conf-volume
  mountPath: /etc/roaster/spark
  readOnly: true
- name: tmp-volume
  mountPath: /tmp
{{- range .Values.driver.volumes }}
- name: {{ printf "user-%s" .name }}
  {{- include "spark.mountPoint" . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "spark.driverLocalDirs" -}}
{{- $paths := list -}}
{{- range .Values.driver.volumes -}}
{{- if .localDir }}{{ $paths = append $paths .mountPath }}{{ end -}}
{{- end -}}
{{- join "," $paths -}}
{{- end }}

{{- /*
Volumes of the executors. A claim is an ephemeral volume: Kubernetes makes one
for each pod and removes it with the pod. Spark takes for its scratch space
what has the prefix spark-local-dir-.
*/ -}}
{{- define "spark.executorVolumes" -}}
{{- range .Values.executor.volumes }}
- name: {{ include "spark.executorVolumeName" . }}
  {{- if and .claim (include "spark.isOld" $) }}
  emptyDir:
    sizeLimit: {{ quote .claim.size }}
  {{- else if .claim }}
  ephemeral:
    volumeClaimTemplate:
      metadata:
        labels:
          {{- include "spark.executorSelector" $ | nindent 10 }}
      spec:
        accessModes:
          - ReadWriteOnce
        {{- with .claim.storageClass }}
        storageClassName: {{ quote . }}
        {{- end }}
        resources:
          requests:
            storage: {{ quote .claim.size }}
  {{- else }}
  {{- include "spark.volumeSource" . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "spark.executorMounts" -}}
{{- range .Values.executor.volumes }}
- name: {{ include "spark.executorVolumeName" . }}
  {{- include "spark.mountPoint" . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "spark.executorVolumeName" -}}
{{ .localDir | default false | ternary "spark-local-dir" "user" }}-{{ .name }}
{{- end }}
