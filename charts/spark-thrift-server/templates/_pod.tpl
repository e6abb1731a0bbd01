{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /* A change of what the driver read when it started replaces it. */ -}}
{{- define "spark.driverAnnotations" -}}
{{- $own := dict "checksum/config" (include "spark.files" . | sha256sum) -}}
{{- with .Values.secretChecksum -}}
{{- $_ := set $own "checksum/secret" . -}}
{{- end -}}
{{- merge $own .Values.driver.annotations | toYaml -}}
{{- end }}

{{- /* Scheduling of a role's pods. */ -}}
{{- define "spark.placement" -}}
{{- range $key := list "priorityClassName" "schedulerName" }}
{{- with get $ $key }}
{{ $key }}: {{ quote . }}
{{- end }}
{{- end }}
{{- range $key := list "nodeSelector" "affinity" "tolerations" }}
{{- with get $ $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}

{{- /* The S3 keys come by the environment: settings are shown in Spark's UI. */ -}}
{{- define "spark.env" -}}
- name: SPARK_DRIVER_BIND_ADDRESS
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
- name: ROASTER_POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: HOME
  value: /tmp
- name: HIVE_SERVER2_THRIFT_BIND_HOST
  value: 0.0.0.0
- name: HIVE_SERVER2_THRIFT_PORT
  value: {{ .Values.service.port | int | quote }}
{{- with include "spark.driverLocalDirs" . }}
- name: SPARK_LOCAL_DIRS
  value: {{ quote . }}
{{- end }}
{{- with .Values.existingSecret }}
- name: AWS_ACCESS_KEY_ID
  valueFrom:
    secretKeyRef:
      name: {{ quote . }}
      key: {{ $.Values.s3.accessKeyKey | quote }}
- name: AWS_SECRET_ACCESS_KEY
  valueFrom:
    secretKeyRef:
      name: {{ quote . }}
      key: {{ $.Values.s3.secretKeyKey | quote }}
{{- end }}
{{- end }}
