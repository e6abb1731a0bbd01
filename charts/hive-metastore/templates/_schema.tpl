{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- /*
No schema: make it. An older one: upgrade it. A current one: nothing, since
neither of the two commands succeeds then. What fails ends the pod's start with
the tool's last words in the pod's status.
*/ -}}
{{- define "metastore.schemaScript" -}}
if said=$("$1" -dbType "$2" -info 2>&1); then
  echo "$said"
  exit 0
fi
echo "$said"
case $said in
  *"Metastore schema version:"*) step=-upgradeSchema ;;
  *) step=-initSchema ;;
esac
echo "schematool $step"
exec "$1" -dbType "$2" "$step"
{{- end }}

{{- define "metastore.schemaContainer" -}}
{{- $layout := include "metastore.layout" . | fromJson -}}
name: schema
{{ include "metastore.commonContainer" . }}
command:
  - /bin/sh
  - -c
  - |
    {{- include "metastore.schemaScript" . | nindent 4 }}
  - schema
  - {{ quote $layout.schematool }}
  - {{ quote .Values.schema.dbType }}
terminationMessagePolicy: FallbackToLogsOnError
{{- end }}
