{{- /* Whether there is a webhook: its configuration is an object of the cluster. Nothing when there is none. */}}
{{- define "penstock.webhook" -}}
{{- $asked := .Values.controller.admissionWebhooks.enabled -}}
{{- if kindIs "invalid" $asked | ternary (not .Values.rbac.scope) $asked -}}true{{- end -}}
{{- end -}}

{{- define "penstock.webhookName" -}}
{{- include "penstock.fullname" . }}-webhook
{{- end -}}

{{- define "penstock.webhookAccount" -}}
{{- with .Values.controller.admissionWebhooks.serviceAccount -}}
{{- .name | default (.create | ternary (include "penstock.webhookName" $) "default") -}}
{{- end -}}
{{- end -}}

{{- /* Where its certificate comes from: self, cert-manager or secret. */}}
{{- define "penstock.webhookCertificate" -}}
{{- with .Values.controller.admissionWebhooks -}}
{{- .certManager.enabled | ternary "cert-manager" (empty .certificateSecret | ternary "self" "secret") -}}
{{- end -}}
{{- end -}}

{{- /* That of cert-manager has another name: it stays when the chart goes, and the chart could not make its own then. */}}
{{- define "penstock.webhookSecret" -}}
{{- $suffix := .Values.controller.admissionWebhooks.certManager.enabled | ternary "tls" "certificate" -}}
{{- .Values.controller.admissionWebhooks.certificateSecret | default (printf "%s-%s" (include "penstock.webhookName" .) $suffix) -}}
{{- end -}}

{{- define "penstock.webhookSelector" -}}
{{- include "penstock.selector" . | replace "component: controller" "component: webhook" }}
{{- end -}}

{{- /* As penstock.metadata; dict: root, suffix behind the webhook's own name, cluster, annotations. */}}
{{- define "penstock.webhookMetadata" -}}
{{- $suffix := printf "-webhook%s" (.suffix | default "") -}}
{{- include "penstock.metadata" (merge (dict "suffix" $suffix "component" "webhook" "labels" .root.Values.controller.admissionWebhooks.labels) .) }}
{{- end -}}

{{- /* The requirements of a label selector that is written as for a flag: team=web,env!=test,edge,!old. */}}
{{- define "penstock.labelSelector" -}}
{{- range $requirement := splitList "," (nospace .) }}
- key: {{ regexFind "[^!=]+" $requirement }}
  {{- if contains "=" $requirement }}
  operator: {{ contains "!" $requirement | ternary "NotIn" "In" }}
  values: [{{ regexReplaceAll ".*=" $requirement "" | quote }}]
  {{- else }}
  operator: {{ contains "!" $requirement | ternary "DoesNotExist" "Exists" }}
  {{- end }}
{{- end }}
{{- end -}}

{{- /* The arguments of `penstock webhook`: of the controller's those that say what is served. dict: root, values. */}}
{{- define "penstock.webhookArgs" -}}
{{- $w := .values.controller.admissionWebhooks -}}
{{- $own := include "penstock.namespace" .root -}}
{{- $name := include "penstock.webhookName" .root -}}
- webhook
- --admin-port={{ .values.controller.metrics.port }}
{{- if eq (include "penstock.webhookCertificate" .root) "self" }}
- --certificate-secret={{ $own }}/{{ include "penstock.webhookSecret" .root }}
{{- end }}
{{- range include "penstock.args" .root | fromYamlArray }}
{{- if regexMatch "^--(configmap|tcp-services-configmap|udp-services-configmap|controller-class|ingress-class|ingress-class-by-name|watch-ingress-without-class|watch-namespace|watch-namespace-selector)(=|$)" . }}
- {{ toJson . }}
{{- end }}
{{- end }}
{{- if eq $w.conflicts "warn" }}
- --conflicts=warn
{{- end }}
{{- if eq (include "penstock.webhookCertificate" .root) "self" }}
- --election-id={{ $name }}-leader
{{- end }}
- --port={{ $w.port }}
{{- if eq (include "penstock.webhookCertificate" .root) "self" }}
- --service={{ $own }}/{{ $name }}
- --webhook-configuration={{ $name }}
{{- else }}
- --tls-cert=/certificate/tls.crt
- --tls-key=/certificate/tls.key
{{- end }}
{{- with $w.extraArgs }}
{{- toYaml . | nindent 0 }}
{{- end }}
{{- end -}}
