{{- /* The arguments of `penstock ingress`, in the order of their names. A map controller.extraArgs goes before all others. */}}
{{- define "penstock.args" -}}
{{- $c := .values.controller -}}
{{- $own := include "penstock.namespace" .root -}}
{{- $full := include "penstock.fullname" .root -}}
{{- $isService := and $c.service.enabled (ne $c.service.type "ClusterIP") -}}
{{- $ofNode := and $c.hostNetwork (not $isService) | ternary $c.containerPort $c.service.ports -}}
{{- $public := $c.hostPort.enabled | ternary $c.hostPort.ports $ofNode -}}
{{- $drain := max 0 (sub (int $c.terminationGracePeriodSeconds) 15) -}}
{{- $settings := dict
  "admin-bind" $c.healthCheckHost
  "admin-port" $c.metrics.port
  "configmap" (printf "%s/%s" ($c.configMapNamespace | default $own) $full)
  "controller-class" $c.ingressClassResource.controllerValue
  "drain-min" (lt (int $drain) 10 | ternary (printf "%ds" $drain) "")
  "drain-timeout" (printf "%ds" $drain)
  "election-id" (include "penstock.electionID" .root)
  "election-ttl" $c.electionTTL
  "http-port" $c.containerPort.http
  "https-port" $c.containerPort.https
  "ingress-class" $c.ingressClass
  "public-http-port" $public.http
  "public-https-port" $public.https
  "publish-service" (include "penstock.publishService" .root)
  "state-dir" "/state"
  "watch-namespace" (include "penstock.watched" .root)
  "watch-namespace-selector" ($c.scope.enabled | ternary "" $c.scope.namespaceSelector)
-}}
{{- range $protocol := list "tcp" "udp" -}}
  {{- if get $.values $protocol -}}
    {{- $namespace := (get $c $protocol).configMapNamespace | default $own -}}
    {{- $_ := set $settings (printf "%s-services-configmap" $protocol) (printf "%s/%s-%s" $namespace $full $protocol) -}}
  {{- end -}}
{{- end -}}
{{- $flags := dict -}}
{{- range $flag, $value := $settings -}}
  {{- if $value -}}{{- $_ := set $flags $flag (printf "=%v" $value) -}}{{- end -}}
{{- end -}}
{{- range $flag, $isOn := dict
  "disable-leader-election" $c.disableLeaderElection
  "ingress-class-by-name" $c.ingressClassByName
  "report-node-internal-ip-address" $c.reportNodeInternalIp
  "watch-ingress-without-class" $c.watchIngressWithoutClass
-}}
  {{- if $isOn -}}{{- $_ := set $flags $flag "" -}}{{- end -}}
{{- end -}}
{{- if kindIs "map" $c.extraArgs -}}
  {{- $void := (.root.Files.Get "files/ingress-nginx.yaml" | fromYaml).flags -}}
  {{- range $flag, $value := $c.extraArgs -}}
    {{- if hasKey $void $flag -}}{{- continue -}}{{- end -}}
    {{- $text := kindIs "string" $value | ternary (tpl (toString $value) $.root) (toJson $value) -}}
    {{- $_ := set $flags $flag (empty $text | ternary "" (printf "=%s" $text)) -}}
  {{- end -}}
{{- end -}}
- ingress
{{- range $flag, $value := $flags }}
- {{ printf "--%s%s" $flag $value | toJson }}
{{- end }}
{{- if kindIs "slice" $c.extraArgs }}
{{- toYaml $c.extraArgs | nindent 0 }}
{{- end }}
{{- end -}}
