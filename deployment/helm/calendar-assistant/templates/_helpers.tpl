{{/* Names. The documents' commands find what they name when the release is `calendar-assistant`. */}}
{{- define "calendar.name" -}}
{{- if contains .Chart.Name .Release.Name -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else -}}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{- end -}}
{{- end -}}

{{- define "calendar.secret" -}}{{ .Values.secrets.name | default (include "calendar.name" .) }}{{- end -}}
{{- define "calendar.sreSecret" -}}{{ .Values.secrets.sreName | default (printf "%s-sre" (include "calendar.name" .)) }}{{- end -}}

{{/* Metadata of an object: dict "root" $ "name" NAME "app" APP. */}}
{{- define "calendar.meta" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "calendar.labels" . | nindent 2 }}
{{- end -}}

{{- define "calendar.labels" -}}
{{ include "calendar.own" . }}
app.kubernetes.io/name: calendar-assistant
app.kubernetes.io/part-of: calendar-sre
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{/* What selects pods: never changed, as selectors of a Deployment cannot be. */}}
{{- define "calendar.own" -}}
app: {{ .app }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end -}}

{{/* An image: dict "root" $ "image" IMAGE. */}}
{{- define "calendar.image" -}}
image: {{ printf "%s%s" .root.Values.registry .image.repository -}}
{{- if .image.digest }}@{{ .image.digest }}{{ else }}:{{ .image.tag | default .root.Chart.AppVersion }}{{ end }}
imagePullPolicy: {{ .image.pullPolicy }}
{{- end -}}

{{/* What every pod of ours begins with: dict "root" $ "user" UID; Pod Security `restricted`. */}}
{{- define "calendar.pod" -}}
serviceAccountName: {{ include "calendar.name" .root }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user }}
  runAsGroup: {{ .user }}
  fsGroup: {{ .user }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .root.Values.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "calendar.container" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end -}}

{{/* One variable out of a secret: dict "name" NAME "secret" SECRET "key" KEY "optional" true. */}}
{{- define "calendar.secretEnv" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef: {name: {{ .secret }}, key: {{ .key }}{{ if .optional }}, optional: true{{ end }}}
{{- end -}}

{{/* The environment of what runs `sre` with all addresses: checks, backups, tools. */}}
{{- define "calendar.sreEnv" -}}
{{- $secret := include "calendar.secret" . -}}
- name: SRE_TARGET_URL
  value: http://{{ include "calendar.name" . }}:8000
- name: SRE_PROMETHEUS_URL
  value: {{ .Values.monitoring.enabled | ternary .Values.monitoring.prometheusUrl "" | quote }}
- name: SRE_ALERTMANAGER_URL
  value: {{ .Values.monitoring.enabled | ternary .Values.monitoring.alertmanagerUrl "" | quote }}
- name: SRE_GRAFANA_URL
  value: {{ .Values.monitoring.enabled | ternary .Values.monitoring.grafanaUrl "" | quote }}
- name: SRE_ABSENT
  value: {{ include "calendar.absent" . | quote }}
- {name: SRE_TIMEZONE, value: {{ .Values.schedules.timeZone | quote }}}
- {name: SRE_RUNS_DIR, value: /tmp/runs}
- {name: HOME, value: /tmp}
{{ include "calendar.secretEnv" (dict "name" "SRE_API_KEYS" "secret" (include "calendar.sreSecret" .) "key" "api-keys" "optional" true) }}
{{ include "calendar.secretEnv" (dict "name" "CALENDAR_MONGODB_URL" "secret" $secret "key" "mongodb-url") }}
{{ include "calendar.secretEnv" (dict "name" "CALENDAR_REDIS_URL" "secret" $secret "key" "redis-url" "optional" true) }}
{{- end -}}

{{/* What of the monitoring has no address here: said to be absent, and no gap in what was looked at. */}}
{{- define "calendar.absent" -}}
{{- $none := list -}}
{{- range $part := list "prometheus" "alertmanager" "grafana" -}}
{{- if not (and $.Values.monitoring.enabled (get $.Values.monitoring (printf "%sUrl" $part))) }}{{ $none = append $none $part }}{{ end -}}
{{- end -}}
{{- join "," $none -}}
{{- end -}}

{{/* A peer of a policy by namespace and labels of its pods. */}}
{{- define "calendar.peer" -}}
- namespaceSelector:
    matchLabels: {kubernetes.io/metadata.name: {{ .namespace }}}
  podSelector:
    matchLabels:
      {{- toYaml .podLabels | nindent 6 }}
{{- end -}}

{{/* Who runs `sre`: dict "root" $; a peer of the same namespace. */}}
{{- define "calendar.srePeer" -}}
- podSelector:
    matchLabels:
      app.kubernetes.io/instance: {{ .root.Release.Name }}
      calendar-sre/asks: "true"
{{- end -}}

{{/* Egress to DNS. */}}
{{- define "calendar.dns" -}}
- to:
    {{- include "calendar.peer" .Values.networkPolicy.dns | nindent 4 }}
    {{- range .Values.networkPolicy.dns.cidrs }}
    - ipBlock: {cidr: {{ . }}}
    {{- end }}
  ports:
    - {protocol: UDP, port: 53}
    - {protocol: TCP, port: 53}
{{- end -}}

{{/* Egress to a database: dict "root" $ "app" mongodb "own" PORT. */}}
{{- define "calendar.database" -}}
{{- $where := get .root.Values.networkPolicy .app -}}
{{- if (get .root.Values .app).enabled }}
- to:
    - podSelector:
        matchLabels:
          {{- include "calendar.own" . | nindent 10 }}
  ports: [{protocol: TCP, port: {{ .own }}}]
{{- else if or $where.cidrs $where.gateway }}
{{- include "calendar.outside" $where }}
{{- else if eq .app "mongodb" }}
{{- fail "no pod could reach MongoDB: mongodb.enabled is false and networkPolicy.mongodb names no address. Give networkPolicy.mongodb.cidrs its addresses, or networkPolicy.mongodb.gateway the pods that know it by name; `networkPolicy.enabled: false` does without policies" }}
{{- end }}
{{- end -}}

{{- define "calendar.outside" }}
- to:
    {{- range .cidrs }}
    - ipBlock: {cidr: {{ . }}}
    {{- end }}
    {{- with .gateway }}
    {{- include "calendar.peer" . | nindent 4 }}
    {{- end }}
  ports: [{protocol: TCP, port: {{ .port | int }}}]
{{- end -}}

{{/* The seconds between kept apart and ended: drain, then the service's own 10 s, and some more. */}}
{{- define "calendar.grace" -}}{{ add (.Values.service.drainSeconds | int) 25 }}{{- end -}}
