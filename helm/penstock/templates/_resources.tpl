{{- /* A quantity as a number, such as 0.1 for 100m: of bytes or processors. */}}
{{- define "penstock.quantity" -}}
{{- $text := toString . -}}
{{- $units := dict "" 1 "m" 0.001 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 -}}
{{- mulf (regexFind "^[0-9.]+(e[+]?[0-9]+)?" $text | float64) (get $units (regexFind "[A-Za-z]*$" $text)) -}}
{{- end -}}

{{- /* The JVM's options where the memory limit leaves too little for those of the image: what is left beside the JVM itself is shared
by heap and network buffers. Nothing where there is room, or where extraEnvs says it. dict: values. */}}
{{- define "penstock.javaOptions" -}}
{{- $isSaid := false -}}
{{- range .values.controller.extraEnvs -}}{{- if eq .name "_JAVA_OPTIONS" -}}{{- $isSaid = true -}}{{- end -}}{{- end -}}
{{- $limit := get (get (.values.controller.resources | default dict) "limits" | default dict) "memory" -}}
{{- if and $limit (not $isSaid) -}}
  {{- $each := div (sub (include "penstock.quantity" $limit | float64 | int64) 134217728) 2097152 | max 32 -}}
  {{- if lt $each 256 -}}
    {{- printf "-Xmx%dm -XX:MaxNewSize=%dm -Dio.netty.maxDirectMemory=%d" $each (div $each 4) (mul $each 1048576) -}}
  {{- end -}}
{{- end -}}
{{- end -}}

{{- /* The resources of a container. Where a limit is below what is requested by default, so much is requested, as Kubernetes does
without a request; where more is requested than the limit by default, that is the limit. dict: resources; path; initial, what
values.yaml has. */}}
{{- define "penstock.resources" -}}
{{- $resources := deepCopy .resources -}}
{{- $requests := $resources.requests | default dict -}}
{{- range $name, $limit := $resources.limits -}}
  {{- $request := get $requests $name | default $limit -}}
  {{- if gt (include "penstock.quantity" $request | float64) (include "penstock.quantity" $limit | float64) -}}
    {{- if eq (toString $request) (get $.initial.requests $name | toString) -}}
      {{- $_ := set $requests $name $limit -}}
    {{- else if eq (toString $limit) (get $.initial.limits $name | toString) -}}
      {{- $_ := set $resources.limits $name $request -}}
    {{- else -}}
      {{- fail (printf "%s.requests.%s is %v, more than %s.limits.%s, which is %v: raise the limit, or lower the request." $.path $name $request $.path $name $limit) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- toYaml $resources -}}
{{- end -}}
