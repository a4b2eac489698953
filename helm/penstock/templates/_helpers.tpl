{{- /* The values, in which those that ingress-nginx's chart has by default and that cannot be meant for Penstock are Penstock's
own (files/ingress-nginx.yaml, `unset`). As JSON: every template begins with reading it, so that none sees the others. Keys that had
nothing behind them, which Helm takes away, have their defaults from then on. */}}
{{- define "penstock.values" -}}
{{- if not .Values.isFilled -}}
  {{- $made := .Files.Get "files/defaults.json" | fromJson -}}
  {{- include "penstock.fill" (dict "values" .Values "defaults" $made.values "removable" $made.removable "path" "") -}}
  {{- $_ := set .Values "isFilled" true -}}
{{- end -}}
{{- $values := .Values | toJson | fromJson -}}
{{- range $path, $entry := (.Files.Get "files/ingress-nginx.yaml" | fromYaml).unset -}}
  {{- $keys := splitList "." $path -}}
  {{- $parent := $values -}}
  {{- range initial $keys -}}{{- $parent = get $parent . | default dict -}}{{- end -}}
  {{- $isOfOwnImage := and (eq $path "controller.image.tag") (or $parent.repository (ne $parent.image "penstock")) -}}
  {{- if and (regexMatch $entry.nginx (get $parent (last $keys) | toJson)) (not $isOfOwnImage) -}}
    {{- $_ := set $parent (last $keys) $entry.penstock -}}
  {{- end -}}
{{- end -}}
{{- $ports := dict "http" 8080 "https" 8443 -}}
{{- $_ := set $values.controller "containerPort" (merge $values.controller.containerPort $ports) -}}
{{- $_ := set $values.controller.hostPort "ports" ($values.controller.hostPort.ports | default dict) -}}
{{- toJson $values -}}
{{- end -}}

{{- /* dict: values, in which defaults are put where there is nothing, but for the paths that are removable; path of both, with a dot. */}}
{{- define "penstock.fill" -}}
{{- range $key, $default := .defaults -}}
  {{- $path := printf "%s%s" $.path $key -}}
  {{- $said := index $.values $key -}}
  {{- if has $path $.removable -}}
  {{- else if kindIs "invalid" $said -}}
    {{- $_ := set $.values $key $default -}}
  {{- else if and (kindIs "map" $default) (kindIs "map" $said) -}}
    {{- include "penstock.fill" (dict "values" $said "defaults" $default "removable" $.removable "path" (printf "%s." $path)) -}}
  {{- end -}}
{{- end -}}
{{- end -}}

{{- /* Of which every name begins: at most 52 characters, so that one of a Service has at most 63. */}}
{{- define "penstock.fullname" -}}
{{- $name := include "penstock.name" . -}}
{{- $full := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) -}}
{{- if eq .Values.controller.compat.resourceNames "ingress-nginx" -}}
  {{- $full = contains "ingress-nginx" .Release.Name | ternary .Release.Name (printf "%s-ingress-nginx" .Release.Name) | printf "%s-controller" -}}
{{- end -}}
{{- .Values.fullnameOverride | default $full | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "penstock.namespace" -}}
{{- .Values.namespaceOverride | default .Release.Namespace -}}
{{- end -}}

{{- /* The label app.kubernetes.io/name of the pods. */}}
{{- define "penstock.name" -}}
{{- .Values.nameOverride | default .Chart.Name -}}
{{- end -}}

{{- define "penstock.selector" -}}
app.kubernetes.io/name: {{ include "penstock.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: controller
{{- end -}}

{{- /* The metadata of an object. dict: root; suffix of the name, or name; namespace, where it is not that of the release, and
cluster: true where there is none; component, where it is not the controller; labels and annotations besides. */}}
{{- define "penstock.metadata" -}}
metadata:
  name: {{ .name | default (printf "%s%s" (include "penstock.fullname" .root) (.suffix | default "")) }}
  {{- if not .cluster }}
  namespace: {{ .namespace | default (include "penstock.namespace" .root) }}
  {{- end }}
  labels:
    {{- $own := include "penstock.selector" .root | fromYaml }}
    {{- with .component }}{{ $_ := set $own "app.kubernetes.io/component" . }}{{ end }}
    {{- $_ := set $own "app.kubernetes.io/version" .root.Chart.AppVersion }}
    {{- $_ := set $own "app.kubernetes.io/managed-by" .root.Release.Service }}
    {{- $_ := set $own "helm.sh/chart" (printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_") }}
    {{- merge $own (.labels | default dict) .root.Values.commonLabels | toYaml | nindent 4 }}
  {{- with .annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "penstock.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (.Values.serviceAccount.create | ternary (include "penstock.fullname" .) "default") -}}
{{- end -}}

{{- /* The ports of tcp: and udp: as they are in a Service or a container: [{protocol, port, name}], as JSON. */}}
{{- define "penstock.streams" -}}
{{- $prefix := .Values.portNamePrefix | empty | ternary "" (printf "%s-" .Values.portNamePrefix) -}}
{{- $streams := list -}}
{{- range $protocol, $ports := dict "TCP" .Values.tcp "UDP" .Values.udp -}}
  {{- range $port, $_ := $ports -}}
    {{- $name := printf "%s%s-%s" $prefix $port (lower $protocol) -}}
    {{- $streams = append $streams (dict "protocol" $protocol "port" (int $port) "name" $name) -}}
  {{- end -}}
{{- end -}}
{{- toJson $streams -}}
{{- end -}}

{{- /* The value at a path such as controller.image.tag, as JSON; nothing when there is none. dict: values, path. */}}
{{- define "penstock.valueAt" -}}
{{- $keys := splitList "." .path -}}
{{- $parent := .values -}}
{{- range initial $keys -}}{{- $parent = get $parent . | default dict -}}{{- end -}}
{{- if hasKey $parent (last $keys) -}}{{- get $parent (last $keys) | toJson -}}{{- end -}}
{{- end -}}
