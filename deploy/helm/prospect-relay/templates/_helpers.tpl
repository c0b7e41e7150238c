{{- define "relay.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "relay.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "relay.labels" -}}
{{ include "relay.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "relay.httpPort" -}}
{{- .Values.settings.HTTP_PORT | default "8080" -}}
{{- end -}}

{{- define "relay.metricsPort" -}}
{{- .Values.settings.METRICS_PORT | default "9464" -}}
{{- end -}}

{{/* DRAIN_TIME in seconds: the relay takes 500ms, 60s, 2m, 1h. */}}
{{- define "relay.drainSeconds" -}}
{{- $text := .Values.settings.DRAIN_TIME | default "60s" -}}
{{- $number := regexFind "^[0-9]+" $text | int -}}
{{- $unit := regexFind "[a-z]*$" $text -}}
{{- if eq $unit "ms" -}}{{ div (add $number 999) 1000 }}
{{- else if eq $unit "m" -}}{{ mul $number 60 }}
{{- else if eq $unit "h" -}}{{ mul $number 3600 }}
{{- else -}}{{ $number }}
{{- end -}}
{{- end -}}

{{/* Whether the relays act as one service with others: "true" or nothing. */}}
{{- define "relay.clustered" -}}
{{- if or (hasKey .Values.secrets "CLUSTER_URL") (hasKey .Values.settings "CLUSTER_URL_FILE") }}true{{ end -}}
{{- end -}}
