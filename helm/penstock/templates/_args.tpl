{{- /* What controller.extraArgs says, FLAG: text, as JSON; empty = a bare flag. */}}
{{- define "penstock.extraArgs" -}}
{{- $said := dict -}}
{{- $extra := .Values.controller.extraArgs -}}
{{- range $key, $value := $extra -}}
  {{- if kindIs "slice" $extra -}}
    {{- $flag := splitn "=" 2 (toString $value | trimPrefix "--") -}}
    {{- $key = $flag._0 -}}
    {{- $value = $flag._1 | default "" -}}
  {{- end -}}
  {{- $text := kindIs "string" $value | ternary (tpl (toString $value) $) (toJson $value) -}}
  {{- $_ := set $said $key ($text | replace "$(POD_NAMESPACE)" (include "penstock.namespace" $)) -}}
{{- end -}}
{{- toJson $said -}}
{{- end -}}

{{- /* The flags of `penstock ingress`, FLAG: text, as JSON; empty = a bare flag. What controller.extraArgs says goes before the
chart's own, and the rights follow from what comes of both. */}}
{{- define "penstock.flags" -}}
{{- $v := include "penstock.values" . | fromJson -}}
{{- $c := $v.controller -}}
{{- $own := include "penstock.namespace" . -}}
{{- $full := include "penstock.fullname" . -}}
{{- $isService := and $c.service.enabled (ne $c.service.type "ClusterIP") -}}
{{- $ofNode := and $c.hostNetwork (not $isService) | ternary $c.containerPort $c.service.ports -}}
{{- $public := $c.hostPort.enabled | ternary $c.hostPort.ports $ofNode -}}
{{- $drain := max 0 (sub (int $c.terminationGracePeriodSeconds) 15) -}}
{{- $published := "" -}}
{{- if not $c.publishService.enabled -}}
{{- else if $c.publishService.pathOverride -}}
  {{- $published = $c.publishService.pathOverride -}}
{{- else if and $c.service.enabled (or $c.service.external.enabled $c.service.internal.enabled) -}}
  {{- $published = printf "%s/%s%s" $own $full ($c.service.external.enabled | ternary "" "-internal") -}}
{{- end -}}
{{- $settings := dict
  "admin-bind" $c.healthCheckHost
  "admin-port" $c.metrics.port
  "configmap" (printf "%s/%s" ($c.configMapNamespace | default $own) $full)
  "controller-class" $c.ingressClassResource.controllerValue
  "drain-min" (lt (int $drain) 10 | ternary (printf "%ds" $drain) "")
  "drain-timeout" (printf "%ds" $drain)
  "election-id" ($c.electionID | default (printf "%s-leader" $full))
  "election-ttl" $c.electionTTL
  "http-port" $c.containerPort.http
  "https-port" $c.containerPort.https
  "ingress-class" $c.ingressClass
  "public-http-port" $public.http
  "public-https-port" $public.https
  "publish-service" $published
  "state-dir" "/state"
  "watch-namespace" ($c.scope.enabled | ternary ($c.scope.namespace | default $own) "")
  "watch-namespace-selector" ($c.scope.enabled | ternary "" $c.scope.namespaceSelector)
-}}
{{- range $protocol := list "tcp" "udp" -}}
  {{- if get $v $protocol -}}
    {{- $namespace := (get $c $protocol).configMapNamespace | default $own -}}
    {{- $_ := set $settings (printf "%s-services-configmap" $protocol) (printf "%s/%s-%s" $namespace $full $protocol) -}}
  {{- end -}}
{{- end -}}
{{- $flags := dict -}}
{{- range $flag, $value := $settings -}}
  {{- if $value -}}{{- $_ := set $flags $flag (toString $value) -}}{{- end -}}
{{- end -}}
{{- range $flag, $isOn := dict
  "disable-leader-election" $c.disableLeaderElection
  "ingress-class-by-name" (or $c.ingressClassByName $v.rbac.scope)
  "report-node-internal-ip-address" $c.reportNodeInternalIp
  "watch-ingress-without-class" $c.watchIngressWithoutClass
-}}
  {{- if $isOn -}}{{- $_ := set $flags $flag "" -}}{{- end -}}
{{- end -}}
{{- $void := (.Files.Get "files/ingress-nginx.yaml" | fromYaml).flags -}}
{{- range $flag, $text := include "penstock.extraArgs" . | fromJson -}}
  {{- if not (hasKey $void $flag) -}}{{- $_ := set $flags $flag $text -}}{{- end -}}
{{- end -}}
{{- toJson $flags -}}
{{- end -}}

{{- /* dict: root, flag. Nothing when it is not there. */}}
{{- define "penstock.flag" -}}
{{- get (include "penstock.flags" .root | fromJson) .flag -}}
{{- end -}}

{{- /* The arguments of `penstock ingress`, in the order of their names. */}}
{{- define "penstock.args" -}}
- ingress
{{- range $flag, $text := include "penstock.flags" . | fromJson }}
- {{ printf "--%s%s" $flag (empty $text | ternary "" (printf "=%s" $text)) | toJson }}
{{- end }}
{{- end -}}

{{- /* NAMESPACE/NAME of the Lease of the replica that writes; nothing when there is none. */}}
{{- define "penstock.lease" -}}
{{- $flags := include "penstock.flags" . | fromJson -}}
{{- $isAlone := and (hasKey $flags "disable-leader-election") (ne (get $flags "disable-leader-election") "false") -}}
{{- if not $isAlone -}}
  {{- $id := get $flags "election-id" -}}
  {{- contains "/" $id | ternary $id (printf "%s/%s" (include "penstock.namespace" .) $id) -}}
{{- end -}}
{{- end -}}

{{- /* The namespaces that are watched, separated by commas; empty: all, or those of a selector. */}}
{{- define "penstock.watched" -}}
{{- include "penstock.flag" (dict "root" . "flag" "watch-namespace") | nospace -}}
{{- end -}}

{{- /* Whether the addresses of nodes are published; nothing when they are not. */}}
{{- define "penstock.publishesNodes" -}}
{{- $flags := include "penstock.flags" . | fromJson -}}
{{- $addresses := print (get $flags "publish-service") (get $flags "publish-status-address") -}}
{{- if and (empty $addresses) (ne (get $flags "update-status") "false") -}}true{{- end -}}
{{- end -}}

{{- /* NAMESPACE: [names] of the ConfigMaps that flags name, as JSON. */}}
{{- define "penstock.configMaps" -}}
{{- $flags := include "penstock.flags" . | fromJson -}}
{{- $maps := dict -}}
{{- range $flag := list "configmap" "tcp-services-configmap" "udp-services-configmap" -}}
  {{- with get $flags $flag -}}
    {{- $key := splitList "/" . -}}
    {{- $_ := set $maps (first $key) (append (get $maps (first $key) | default list) (last $key) | uniq) -}}
  {{- end -}}
{{- end -}}
{{- toJson $maps -}}
{{- end -}}
