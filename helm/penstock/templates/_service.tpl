{{- /* dict: root; values; service: controller.service or its .internal, which has its types and ports unless it says others;
labels; suffix of the name. */}}
{{- define "penstock.service" -}}
{{- $all := .values.controller.service -}}
{{- $type := .service.type | default $all.type -}}
{{- $service := .service -}}
{{- if and (kindIs "invalid" $service.externalTrafficPolicy) (eq $type "LoadBalancer") -}}
  {{- $service = merge (dict "externalTrafficPolicy" "Local") $service -}}
{{- end -}}
{{- $ports := merge dict ($service.ports | default dict) $all.ports -}}
{{- $targets := merge dict ($service.targetPorts | default dict) $all.targetPorts -}}
{{- $fields := list "clusterIP" "clusterIPs" "externalIPs" "ipFamilies" "ipFamilyPolicy" "sessionAffinity" "trafficDistribution" -}}
{{- if ne $type "ClusterIP" -}}{{- $fields = append $fields "externalTrafficPolicy" -}}{{- end -}}
{{- if eq $type "LoadBalancer" -}}
  {{- $fields = concat $fields (list "loadBalancerClass" "loadBalancerIP" "loadBalancerSourceRanges") -}}
{{- end -}}
apiVersion: v1
kind: Service
{{ include "penstock.metadata" (dict "root" .root "suffix" .suffix "labels" (merge dict .labels $all.labels) "annotations" $service.annotations) }}
spec:
  type: {{ $type }}
  {{- range $field := $fields }}
  {{- with get $service $field }}
  {{- dict $field . | toYaml | nindent 2 }}
  {{- end }}
  {{- end }}
  selector:
    {{- include "penstock.selector" .root | nindent 4 }}
  ports:
    {{- range $name := list "http" "https" }}
    {{- if get $all (printf "enable%s" (title $name)) }}
    - name: {{ $name }}
      port: {{ get $ports $name }}
      targetPort: {{ get $targets $name }}
      protocol: TCP
      {{- with get $service.nodePorts $name }}
      nodePort: {{ . }}
      {{- end }}
    {{- end }}
    {{- end }}
    {{- range include "penstock.streams" .root | fromJsonArray }}
    - name: {{ .name }}
      port: {{ .port }}
      targetPort: {{ .name }}
      protocol: {{ .protocol }}
      {{- with get (get $service.nodePorts (lower .protocol)) (toString .port) }}
      nodePort: {{ . }}
      {{- end }}
    {{- end }}
{{- end -}}
