{{/* What functions there are and how they run is read from the files that this chart links to: docs/adr/0020-chart.md. */}}

{{/* Objects of the files that `glob` finds: {"items": [{"path", "object"}]}. */}}
{{- define "hub-functions.objects" -}}
{{- $root := .root -}}
{{- $items := list -}}
{{- range $path, $_ := $root.Files.Glob .glob -}}
{{- range regexSplit "(?m)^---$" ($root.Files.Get $path) -1 -}}
{{- $items = append $items (dict "path" $path "object" (fromYaml .)) -}}
{{- end -}}
{{- end -}}
{{- dict "items" $items | toJson -}}
{{- end -}}

{{/* Knative Services of the functions that run, by the function's name. Nobody sends dead letters where there are no events. */}}
{{- define "hub-functions.services" -}}
{{- $root := . -}}
{{- $services := dict -}}
{{- range (include "hub-functions.objects" (dict "root" . "glob" "files/knative/*/service.yaml") | fromJson).items -}}
{{- $name := base (dir .path) -}}
{{- if include "hub-functions.runs" (dict "root" $root "name" $name) -}}
{{- $_ := set $services $name .object -}}
{{- end -}}
{{- end -}}
{{- toJson $services -}}
{{- end -}}

{{- define "hub-functions.runs" -}}
{{- $settings := include "hub-functions.settings" . | fromJson -}}
{{- if not (or (eq $settings.enabled false) (and (eq .name "deadletters") (eq .root.Values.platform "deployment"))) -}}
true
{{- end -}}
{{- end -}}

{{/* What values say of one function. */}}
{{- define "hub-functions.settings" -}}
{{- $settings := get .root.Values.functions .name | default dict | deepCopy -}}
{{- mergeOverwrite (dict "enabled" true "env" dict "resources" dict "schedule" "" "external" false) $settings | toJson -}}
{{- end -}}

{{- define "hub-functions.labels" -}}
{{- $labels := dict "app.kubernetes.io/name" "hub-functions" "app.kubernetes.io/instance" .root.Release.Name -}}
{{- $_ := set $labels "app.kubernetes.io/version" .root.Chart.AppVersion -}}
{{- $_ := set $labels "app.kubernetes.io/managed-by" .root.Release.Service -}}
{{- $_ := set $labels "helm.sh/chart" (printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_") -}}
{{- with .component }}{{ $_ := set $labels "app.kubernetes.io/component" . }}{{ end -}}
{{- toJson $labels -}}
{{- end -}}

{{/* One object as a document, with the chart's labels. */}}
{{- define "hub-functions.document" -}}
{{- $labels := include "hub-functions.labels" . | fromJson -}}
---
{{ merge (dict "metadata" (dict "labels" $labels)) .object | toYaml }}
{{ end -}}

{{/* Pods of one function on `deployment`. */}}
{{- define "hub-functions.selector" -}}
{{- dict "app.kubernetes.io/name" "hub-functions" "app.kubernetes.io/component" . | toJson -}}
{{- end -}}

{{/* Whom the rights of a function belong to. */}}
{{- define "hub-functions.account" -}}
{{- $openfaas := .root.Values.openfaas -}}
{{- if ne .root.Values.platform "openfaas" -}}
{{- dict "kind" "ServiceAccount" "name" (printf "hub-functions-%s" .name) | toJson -}}
{{- else -}}
{{- $own := ternary (printf "hub-functions-%s" .name) "default" $openfaas.serviceAccounts -}}
{{- dict "kind" "ServiceAccount" "name" $own "namespace" $openfaas.namespace | toJson -}}
{{- end -}}
{{- end -}}

{{- define "hub-functions.image" -}}
{{- printf "%s-%s:%s" .root.Values.image.prefix .name (.root.Values.image.tag | default .root.Chart.AppVersion) -}}
{{- end -}}

{{/* The sample config.json with the operator's sections over it. */}}
{{- define "hub-functions.config" -}}
{{- $config := .Files.Get "files/descriptions/config.json" | fromJson -}}
{{- with .Values.archive.repository.existingClaim -}}
{{- $config = merge (dict "archive" (dict "repository" (dict "claim" .))) $config -}}
{{- end -}}
{{- /* Movers are pods of ours, too. */ -}}
{{- with .Values.image.pullSecrets -}}
{{- $config = merge (dict "archive" (dict "mover" (dict "pull_secrets" .))) $config -}}
{{- end -}}
{{- if hasKey (.Values.config.archive | default dict) "repository" -}}
{{- $_ := unset ($config.archive | default dict) "repository" -}}
{{- end -}}
{{- mergeOverwrite $config (deepCopy .Values.config) | toPrettyJson -}}
{{- end -}}

{{/* Whether archives are kept in the claim that comes with the chart, and nobody else has made it. */}}
{{- define "hub-functions.makesClaim" -}}
{{- $repository := (include "hub-functions.config" . | fromJson).archive | default dict | dig "repository" dict -}}
{{- $claim := $repository.claim | default "archive-repository" -}}
{{- if not (or .Values.archive.repository.existingClaim (hasKey $repository "s3") (ne $claim "archive-repository")) -}}
true
{{- end -}}
{{- end -}}

{{/* The environment of a function's container, by name: its own, that of all, that of this one. */}}
{{- define "hub-functions.environment" -}}
{{- $env := dict -}}
{{- range .container.env }}{{ $_ := set $env .name .value }}{{ end -}}
{{- if hasKey $env "MOVER_IMAGE" -}}
{{- $_ := set $env "MOVER_IMAGE" (include "hub-functions.image" (dict "root" .root "name" "mover")) -}}
{{- end -}}
{{- mergeOverwrite $env .more (deepCopy .root.Values.env) .settings.env | toJson -}}
{{- end -}}

{{/* A pod of the function `name` as its Knative Service has it, with the operator's values; `more` is environment that the platform wants. */}}
{{- define "hub-functions.podSpec" -}}
{{- $values := .root.Values -}}
{{- $settings := include "hub-functions.settings" . | fromJson -}}
{{- $spec := deepCopy .service.spec.template.spec -}}
{{- $container := index $spec.containers 0 -}}
{{- $environment := dict "root" .root "container" $container "settings" $settings "more" (.more | default dict) -}}
{{- $env := list -}}
{{- range $name, $value := include "hub-functions.environment" $environment | fromJson -}}
{{- $env = append $env (dict "name" $name "value" $value) -}}
{{- end -}}
{{- if $env }}{{ $_ := set $container "env" $env }}{{ end -}}
{{- $_ := set $container "image" (include "hub-functions.image" .) -}}
{{- $_ := set $container "resources" (mergeOverwrite $container.resources (deepCopy $values.resources) $settings.resources) -}}
{{- range $spec.volumes -}}
{{- if eq .name "descriptions" -}}
{{- $_ := set .configMap "items" (include "hub-functions.descriptionItems" $.root | fromJson).items -}}
{{- end -}}
{{- end -}}
{{- include "hub-functions.placed" (dict "root" .root "spec" $spec) -}}
{{- end -}}

{{/* Any pod of ours: where it runs, what its files are called, and how its images are pulled. */}}
{{- define "hub-functions.placed" -}}
{{- $values := .root.Values -}}
{{- $spec := .spec -}}
{{- range $volume := $spec.volumes -}}
{{- with $volume.configMap }}{{ $_ := set . "name" (include "hub-functions.mapName" (dict "root" $.root "name" .name)) }}{{ end -}}
{{- end -}}
{{- range $container := $spec.containers -}}
{{- with $values.image.pullPolicy }}{{ $_ := set $container "imagePullPolicy" . }}{{ end -}}
{{- end -}}
{{- range $key := list "nodeSelector" "tolerations" "affinity" -}}
{{- with get $values $key }}{{ $_ := set $spec $key . }}{{ end -}}
{{- end -}}
{{- with $values.image.pullSecrets -}}
{{- $secrets := list -}}
{{- range . }}{{ $secrets = append $secrets (dict "name" .) }}{{ end -}}
{{- $_ := set $spec "imagePullSecrets" $secrets -}}
{{- end -}}
{{- toJson $spec -}}
{{- end -}}

{{/* A small pod that ends: one command of a function's image, without any right. */}}
{{- define "hub-functions.askingPod" -}}
{{- $container := dict "name" "ask" "image" (include "hub-functions.image" .) "command" (concat (list "node" "/function/ask.cjs") .asked) -}}
{{- $_ := set $container "resources" (dict "requests" (dict "cpu" "10m" "memory" "48Mi") "limits" (dict "memory" "128Mi")) -}}
{{- $_ := set $container "securityContext" (include "hub-functions.containerSecurity" . | fromYaml) -}}
{{- $spec := include "hub-functions.barePod" . | fromYaml -}}
{{- $_ := set $spec "automountServiceAccountToken" false -}}
{{- $_ := set $spec "containers" (list $container) -}}
{{- include "hub-functions.placed" (dict "root" .root "spec" $spec) -}}
{{- end -}}

{{- define "hub-functions.barePod" -}}
restartPolicy: Never
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{- define "hub-functions.containerSecurity" -}}
readOnlyRootFilesystem: true
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
{{- end -}}
