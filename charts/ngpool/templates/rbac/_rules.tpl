{{/*
What the operator may do where there are pools. Verbs are named one by one.

What is not here, on purpose:
- `list` and `watch` of Secrets. The operator knows the names of the Secrets it makes and reads them one
  by one; of others it asks for the metadata only. `get` cannot be limited further: names of objects
  are part of these names.
- `delete` of volume claims: chains and books stay until a person deletes them.
- `escalate`, `bind`, `impersonate`, `exec`, tokens, nodes, namespaces, roles.
*/}}
{{- define "ngpool.rules" -}}
- apiGroups: [ngpool.io]
  resources: [pools, currencies, coinservers, sharechains, stratumports]
  verbs: [get, list, watch]
- apiGroups: [ngpool.io]
  resources: [pools/status, currencies/status, coinservers/status, sharechains/status, stratumports/status]
  verbs: [get, patch, update]
# Where owner references are enforced, who sets one must be allowed to block the owner's deletion.
- apiGroups: [ngpool.io]
  resources: [pools/finalizers, currencies/finalizers, coinservers/finalizers, sharechains/finalizers, stratumports/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [configmaps, services]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, create, update, patch, delete]
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [get, list, watch, create, patch]
# Patch: an annotation makes the kubelet refresh what is mounted at once.
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, patch]
- apiGroups: [apps]
  resources: [deployments, statefulsets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [batch]
  resources: [cronjobs, jobs]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
# Of ports with `gateway`.
- apiGroups: [gateway.networking.k8s.io]
  resources: [tcproutes]
  verbs: [get, list, watch, create, patch, delete]
# Of Pools with `certificates.certManager`.
- apiGroups: [cert-manager.io]
  resources: [certificates]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end -}}
