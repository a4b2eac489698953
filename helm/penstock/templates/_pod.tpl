{{- /* The specification of a pod. dict: root, values. */}}
{{- define "penstock.pod" -}}
{{- $c := .values.controller -}}
{{- $root := .root -}}
serviceAccountName: {{ include "penstock.serviceAccountName" .root }}
automountServiceAccountToken: {{ .values.serviceAccount.automountServiceAccountToken }}
terminationGracePeriodSeconds: {{ $c.terminationGracePeriodSeconds }} # --drain-timeout, and 15 s to end
{{- with .values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if $c.hostNetwork }}
hostNetwork: true
{{- end }}
dnsPolicy: {{ $c.dnsPolicy | default ($c.hostNetwork | ternary "ClusterFirstWithHostNet" "ClusterFirst") }}
{{- range $field := list "dnsConfig" "hostAliases" "hostname" "shareProcessNamespace" "priorityClassName" "runtimeClassName" "schedulerName" "nodeSelector" "tolerations" "affinity" }}
{{- with get $c $field }}
{{ include "penstock.selecting" (dict "root" $root "text" (dict $field . | toYaml)) }}
{{- end }}
{{- end }}
topologySpreadConstraints:
  {{- with $c.topologySpreadConstraints }}
  {{- include "penstock.selecting" (dict "root" $root "text" (tpl (toYaml .) $root)) | nindent 2 }}
  {{- else }}
  - topologyKey: kubernetes.io/hostname
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "penstock.selector" $root | nindent 8 }}
  {{- end }}
securityContext:
  {{- include "penstock.podSecurity" . | nindent 2 }}
{{- with $c.extraInitContainers }}
initContainers:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - name: {{ $c.containerName }}
    {{- include "penstock.container" . | nindent 4 }}
  {{- with $c.extraContainers }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
volumes:
  - name: state # the last good state, private keys included: in memory, and gone with the pod
    emptyDir:
      medium: Memory
      sizeLimit: 128Mi
  - name: tmp # nothing of the gateway's; tools that look into the JVM (jcmd)
    emptyDir:
      sizeLimit: 64Mi
  {{- with $c.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- /* A selector of ingress-nginx's pods is meant for these. dict: root, text. */}}
{{- define "penstock.selecting" -}}
{{- $ours := printf "${1}%s${2}" (include "penstock.name" .root) -}}
{{- regexReplaceAll "(?m)(app\\.kubernetes\\.io/name: \"?|key: app\\.kubernetes\\.io/name\\s+operator: \\w+\\s+values:\\s+- \"?)ingress-nginx(\"?)$" .text $ours -}}
{{- end -}}

{{- /* As whom pods run, of the webhook, too: controller.image says it, and before it controller.podSecurityContext. No user = the
cluster chooses; the rest is there always. dict: values. */}}
{{- define "penstock.podUser" -}}
{{- $own := .values.controller.image -}}
{{- $said := .values.controller.podSecurityContext | default dict -}}
runAsNonRoot: true
{{- range $field := list "runAsUser" "runAsGroup" }}
{{- with get (hasKey $said $field | ternary $said $own) $field }}
{{ $field }}: {{ int64 . }}
{{- end }}
{{- end }}
seccompProfile:
  {{- $said.seccompProfile | default $own.seccompProfile | default (dict "type" "RuntimeDefault") | toYaml | nindent 2 }}
{{- end -}}

{{- /* Ports below 1024 are opened by a process without capabilities when the pod's own network lets everybody. */}}
{{- define "penstock.podSecurity" -}}
{{- $c := .values.controller -}}
{{- $sysctls := deepCopy $c.sysctls -}}
{{- $said := $c.podSecurityContext | default dict -}}
{{- range $said.sysctls -}}{{- $_ := set $sysctls .name .value -}}{{- end -}}
{{- $lowest := min 1024 $c.containerPort.http $c.containerPort.https -}}
{{- range include "penstock.streams" .root | fromJsonArray -}}{{- $lowest = min $lowest .port -}}{{- end -}}
{{- if and (lt $lowest 1024) (not $c.hostNetwork) -}}
  {{- $sysctls = merge $sysctls (dict "net.ipv4.ip_unprivileged_port_start" "0") -}}
{{- end -}}
{{- include "penstock.podUser" . }}
{{- with $sysctls }}
sysctls:
  {{- range $name, $value := . }}
  - name: {{ $name }}
    value: {{ $value | toString | quote }}
  {{- end }}
{{- end }}
{{- with omit $said "runAsNonRoot" "runAsUser" "runAsGroup" "seccompProfile" "sysctls" }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* As controller.containerSecurityContext says, but never with a capability or more rights than the process began with. dict: values. */}}
{{- define "penstock.containerSecurity" -}}
{{- $said := .values.controller.containerSecurityContext | default dict -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: {{ ne (toString $said.readOnlyRootFilesystem) "false" }}
capabilities:
  drop: [ALL]
{{- with omit $said "allowPrivilegeEscalation" "readOnlyRootFilesystem" "capabilities" }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "penstock.container" -}}
{{- $c := .values.controller -}}
{{- $image := $c.image -}}
image: {{ include "penstock.image" . }}
imagePullPolicy: {{ $image.pullPolicy }}
args:
  {{- include "penstock.args" .root | nindent 2 }}
env:
  {{- range $name, $path := dict "POD_NAME" "metadata.name" "POD_NAMESPACE" "metadata.namespace" "POD_IPS" "status.podIPs" }}
  - name: {{ $name }}
    valueFrom:
      fieldRef:
        fieldPath: {{ $path }}
  {{- end }}
  {{- with include "penstock.javaOptions" . }}
  - name: _JAVA_OPTIONS # the memory limit leaves less than the image takes
    value: {{ . | quote }}
  {{- end }}
  {{- with $c.extraEnvs }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with $c.envFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
ports:
  {{- range $name, $port := $c.containerPort }}
  - name: {{ $name }}
    containerPort: {{ $port }}
    protocol: TCP
    {{- if $c.hostNetwork }}
    hostPort: {{ $port }}
    {{- else if and $c.hostPort.enabled (hasKey $c.hostPort.ports $name) }}
    hostPort: {{ get $c.hostPort.ports $name }}
    {{- end }}
  {{- end }}
  - name: {{ $c.metrics.portName }}
    containerPort: {{ $c.metrics.port }}
    protocol: TCP
    {{- if $c.hostNetwork }}
    hostPort: {{ $c.metrics.port }}
    {{- end }}
  {{- range include "penstock.streams" .root | fromJsonArray }}
  - name: {{ .name }}
    containerPort: {{ .port }}
    protocol: {{ .protocol }}
    {{- if or $c.hostNetwork $c.hostPort.enabled }}
    hostPort: {{ .port }}
    {{- end }}
  {{- end }}
{{- range $probe := list "startupProbe" "readinessProbe" "livenessProbe" }}
{{- with get $c $probe }}
{{ dict $probe . | toYaml }}
{{- end }}
{{- end }}
{{- with $c.lifecycle }}
lifecycle:
  {{- toYaml . | nindent 2 }}
{{- end }}
resources: # memory: the heap 256 MiB at most, network buffers as much again, and the JVM itself
  {{- include "penstock.resources" (dict "resources" ($c.resources | default dict) "path" "controller.resources" "initial" (dict "requests" (dict "cpu" "100m" "memory" "256Mi") "limits" (dict "memory" "768Mi"))) | nindent 2 }}
securityContext:
  {{- include "penstock.containerSecurity" . | nindent 2 }}
volumeMounts:
  - name: state
    mountPath: /state
  - name: tmp
    mountPath: /tmp
  {{- with $c.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- /* The digest that stands beside ingress-nginx's own image or tag is that of its image. */}}
{{- define "penstock.image" -}}
{{- $image := .values.controller.image -}}
{{- $said := .root.Values.controller.image -}}
{{- $registry := $image.registry | default .values.global.image.registry | default "penstock.dev" -}}
{{- $image.repository | default (printf "%s/%s" $registry $image.image) -}}
:{{ $image.tag | default .root.Chart.AppVersion }}
{{- if and $image.digest (eq $said.image $image.image) (eq $said.tag $image.tag) (eq $said.repository $image.repository) -}}
@{{ $image.digest }}
{{- end -}}
{{- end -}}
