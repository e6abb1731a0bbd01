{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- define "mysql.container" -}}
name: mysql
image: {{ include "mysql.image" .Values.image | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- with .Values.args }}
args:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- include "mysql.containerSecurityContext"
    .Values.containerSecurityContext | nindent 2 }}
{{- /* Read once, while the volume is empty; the image takes file names. */}}
env:
  - name: MYSQL_ROOT_PASSWORD_FILE
    value: /etc/mysql-secret/root-password
  - name: MYSQL_DATABASE
    value: {{ quote .Values.database.name }}
  - name: MYSQL_USER
    value: {{ quote .Values.database.user }}
  - name: MYSQL_PASSWORD_FILE
    value: /etc/mysql-secret/user-password
ports:
  - name: mysql
    containerPort: 3306
    protocol: TCP
{{ include "mysql.probes" . }}
{{- with .Values.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
  - name: data-volume
    mountPath: /var/lib/mysql
    subPath: mysql
  - name: run-volume
    mountPath: /var/run/mysqld
  - name: tmp-volume
    mountPath: /tmp
  - name: secret-volume
    mountPath: /etc/mysql-secret
    readOnly: true
{{- end }}

{{- define "mysql.volumes" -}}
- name: data-volume
  persistentVolumeClaim:
    claimName: mysql-data-disk
- name: run-volume
  emptyDir: {}
- name: tmp-volume
  emptyDir: {}
- name: secret-volume
  secret:
    secretName: {{ .Values.existingSecret | required
      "existingSecret must name the Secret with the passwords" | quote }}
    items:
      - key: root-password
        path: root-password
      - key: user-password
        path: user-password
{{- end }}
