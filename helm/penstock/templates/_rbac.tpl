{{- /* What every object that is served needs, but Ingresses themselves. */}}
{{- define "penstock.objectRules" -}}
- apiGroups: [""]
  resources: [services, secrets] # secrets: those of type kubernetes.io/tls, and those that Ingresses name
  verbs: [list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch]
- apiGroups: [networking.k8s.io]
  resources: [ingresses/status] # the addresses of the gateway
  verbs: [patch]
{{ include "penstock.eventRule" . }}
{{- end -}}

{{- define "penstock.eventRule" -}}
- apiGroups: [events.k8s.io]
  resources: [events] # what is wrong with objects, on them
  verbs: [create, patch]
{{- end -}}

{{- /* dict: root, kind of the role, suffix of its name, namespace of a Role; component and account, where they are not the
controller's. */}}
{{- define "penstock.binding" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ .kind }}Binding
{{ include "penstock.metadata" (dict "root" .root "namespace" .namespace "suffix" .suffix "cluster" (eq .kind "ClusterRole") "component" .component) }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ .kind }}
  name: {{ include "penstock.fullname" .root }}{{ .suffix }}
subjects:
  - kind: ServiceAccount
    name: {{ .account | default (include "penstock.serviceAccountName" .root) }}
    namespace: {{ include "penstock.namespace" .root }}
{{- end -}}
