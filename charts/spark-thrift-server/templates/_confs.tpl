{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /* Defaults that the user's confs may change. */ -}}
{{- define "spark.defaultConfs" -}}
spark.app.name: {{ quote .Release.Name }}
spark.sql.catalogImplementation: hive
spark.jars.ivy: /tmp/.ivy2
spark.redaction.regex: (?i)secret|password|token|access[.]?key
spark.driver.extraJavaOptions: -Divy.cache.dir=/tmp -Divy.home=/tmp
spark.driver.cores: {{ quote .Values.driver.cores }}
spark.driver.memory: {{ quote .Values.driver.memory }}
{{- with .Values.driver.memoryOverhead }}
spark.driver.memoryOverhead: {{ quote . }}
{{- end }}
{{ include "spark.executorConfs" . }}
{{ include "spark.hiveConfs" . }}
{{- with include "spark.s3Confs" . | trim }}
{{ . }}
{{- end }}
{{- end }}

{{- define "spark.executorConfs" -}}
{{- with .Values.executor -}}
spark.executor.instances: {{ quote .instances }}
spark.executor.cores: {{ quote .cores }}
spark.executor.memory: {{ quote .memory }}
{{- with .memoryOverhead }}
spark.executor.memoryOverhead: {{ quote . }}
{{- end }}
{{- with .limitCores }}
spark.kubernetes.executor.limit.cores: {{ quote . }}
{{- end }}
{{- end }}
{{- end }}

{{- define "spark.hiveConfs" -}}
{{- with .Values.hive.metastoreUris -}}
spark.hadoop.hive.metastore.uris: {{ join "," . | quote }}
{{ end -}}
spark.hadoop.hive.metastore.client.connect.retry.delay: "5"
spark.hadoop.hive.metastore.client.socket.timeout: "1800"
spark.hadoop.metastore.catalog.default: spark
spark.hadoop.hive.execution.engine: spark
spark.hadoop.hive.server2.enable.doAs: "false"
spark.hadoop.hive.server2.thrift.http.port: "10002"
spark.hadoop.hive.server2.transport.mode: binary
{{- end }}

{{- /* All but the keys, which S3A reads from the environment. */ -}}
{{- define "spark.s3Confs" -}}
{{- with .Values.s3 }}
{{- with .bucket }}
spark.hadoop.fs.defaultFS: {{ printf "s3a://%s" . | quote }}
spark.sql.warehouse.dir: {{ printf "s3a://%s/apps/spark/warehouse" . | quote }}
{{- end }}
{{- if or .bucket .endpoint }}
spark.hadoop.fs.s3a.impl: org.apache.hadoop.fs.s3a.S3AFileSystem
spark.hadoop.fs.s3a.path.style.access: "true"
spark.hadoop.fs.s3a.fast.upload: "true"
spark.hadoop.fs.s3a.connection.ssl.enabled: {{ hasPrefix "http://" .endpoint | not | quote }}
{{- end }}
{{- with .endpoint }}
spark.hadoop.fs.s3a.endpoint: {{ quote . }}
{{- end }}
{{- with .region }}
spark.hadoop.fs.s3a.endpoint.region: {{ quote . }}
{{- end }}
{{- end }}
{{- end }}

{{- /* What the chart's objects depend on: the user's confs do not reach it. */ -}}
{{- define "spark.fixedConfs" -}}
spark.master: k8s://https://kubernetes.default.svc:443
spark.submit.deployMode: client
spark.driver.host: {{ printf "spark-thrift-server-driver.%s.svc" .Release.Namespace }}
spark.driver.port: "7078"
spark.driver.blockManager.port: "7079"
spark.ui.port: "4040"
spark.kubernetes.namespace: {{ quote .Release.Namespace }}
spark.kubernetes.container.image: {{ include "spark.image" .Values.image | quote }}
spark.kubernetes.container.image.pullPolicy: {{ .Values.image.pullPolicy }}
{{- with .Values.imagePullSecrets }}
{{- $names := list }}
{{- range . }}{{ $names = append $names .name }}{{ end }}
spark.kubernetes.container.image.pullSecrets: {{ join "," $names | quote }}
{{- end }}
spark.kubernetes.authenticate.driver.serviceAccountName: {{ quote .Values.serviceAccount.name }}
spark.kubernetes.executor.podTemplateFile: /etc/roaster/spark/executor.yaml
spark.kubernetes.executor.podTemplateContainerName: executor
spark.hadoop.hive.server2.thrift.port: {{ .Values.service.port | int | quote }}
{{- with include "spark.packages" . }}
spark.jars.packages: {{ quote . }}
# The jars are then on the class path before the application is fetched.
spark.kubernetes.submitInDriver: "true"
spark.jars: {{ include "spark.jars" $ | quote }}
{{- end }}
{{- with .Values.existingSecret }}
spark.kubernetes.executor.secretKeyRef.AWS_ACCESS_KEY_ID: {{ printf "%s:%s" . $.Values.s3.accessKeyKey | quote }}
spark.kubernetes.executor.secretKeyRef.AWS_SECRET_ACCESS_KEY: {{ printf "%s:%s" . $.Values.s3.secretKeyKey | quote }}
{{- end }}
{{- end }}

{{- define "spark.packages" -}}
{{- $given := get .Values.confs "spark.jars.packages" -}}
{{- join "," (concat .Values.packages (list $given) | compact) -}}
{{- end }}

{{- /*
Before 3.4 the packages of a submitInDriver reach the driver only: name the jars
that they become, so that the executors get them.
*/ -}}
{{- define "spark.jars" -}}
{{- $ivy := get .Values.confs "spark.jars.ivy" | default "/tmp/.ivy2" -}}
{{- $given := get .Values.confs "spark.jars" -}}
{{- list $given (printf "file://%s/jars/*.jar" $ivy) | compact | join "," -}}
{{- end }}

{{- define "spark.credential" -}}
(?i)fs\.s3.*\.(access|secret)\.?key|session\.token|password|secret$
{{- end }}

{{- /* Names that say where a credential is, and hold none. */ -}}
{{- define "spark.reference" -}}
^spark\.kubernetes\.executor\.(secretKeyRef|secrets)\.
{{- end }}

{{- /* All settings, as a YAML map. */ -}}
{{- define "spark.confs" -}}
{{- range $name, $_ := .Values.confs -}}
{{- $reference := regexMatch (include "spark.reference" $) $name -}}
{{- if and (regexMatch (include "spark.credential" $) $name)
  (not $reference) -}}
{{- fail (printf "confs: %s is a credential, use existingSecret" $name) -}}
{{- end -}}
{{- end -}}
{{- $confs := include "spark.defaultConfs" . | fromYaml -}}
{{- $confs = mergeOverwrite $confs (deepCopy .Values.confs) -}}
{{- $confs = mergeOverwrite $confs (include "spark.fixedConfs" . | fromYaml) -}}
{{- toYaml $confs -}}
{{- end }}

{{- /* spark-defaults.conf, in the escapes of java.util.Properties. */ -}}
{{- define "spark.properties" -}}
{{- range $name, $value := include "spark.confs" . | fromYaml }}
{{ $name }}={{ $value | replace "\\" "\\\\" | replace "\n" "\\n"
  | replace "\r" "\\r" | replace "\t" "\\t" | replace "\f" "\\f" }}
{{- end }}
{{ end }}
