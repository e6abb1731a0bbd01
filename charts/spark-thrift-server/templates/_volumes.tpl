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
  {{- else if .existingClaim }}
  persistentVolumeClaim:
    claimName: {{ quote .existingClaim }}
  {{- else }}
  emptyDir: {{ toJson .emptyDir }}
  {{- end }}
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
  mountPath: {{ quote .mountPath }}
  {{- with .subPath }}
  subPath: {{ quote . }}
  {{- end }}
  {{- if .readOnly }}
  readOnly: true
  {{- end }}
{{- end }}
{{- end }}

{{- define "spark.driverLocalDirs" -}}
{{- $paths := list -}}
{{- range .Values.driver.volumes -}}
{{- if .localDir }}{{ $paths = append $paths .mountPath }}{{ end -}}
{{- end -}}
{{- join "," $paths -}}
{{- end }}

{{- /* Volumes of the executors: settings, of which Spark makes them. */ -}}
{{- define "spark.executorVolumes" -}}
{{- range .Values.executor.volumes }}
{{- $type := include "spark.executorVolumeType" (dict "root" $ "volume" .) }}
{{- $name := .localDir | default false | ternary (printf "spark-local-dir-%s" .name) .name }}
{{- $at := printf "spark.kubernetes.executor.volumes.%s.%s" $type $name }}
{{ $at }}.mount.path: {{ quote .mountPath }}
{{ $at }}.mount.readOnly: {{ .readOnly | default false | quote }}
{{- with .subPath }}
{{ $at }}.mount.subPath: {{ quote . }}
{{- end }}
{{- if .existingClaim }}
{{ $at }}.options.claimName: {{ .existingClaim }}
{{- else if eq $type "persistentVolumeClaim" }}
{{ $at }}.options.claimName: OnDemand
{{ $at }}.options.sizeLimit: {{ .claim.size }}
{{- with .claim.storageClass }}
{{ $at }}.options.storageClass: {{ . }}
{{- end }}
{{- else }}
{{- with .claim }}
{{ $at }}.options.sizeLimit: {{ .size }}
{{- end }}
{{- range $option, $value := .emptyDir }}
{{ $at }}.options.{{ $option }}: {{ $value }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "spark.executorVolumeType" -}}
{{- $claim := and .volume.claim (include "spark.onDemand" .root) -}}
{{ or $claim .volume.existingClaim | empty | not | ternary "persistentVolumeClaim" "emptyDir" }}
{{- end }}
