{{/* Files that functions read, as ConfigMaps: what is in them, what they are called, and how long they stay. */}}

{{/* {"items": [{"key", "path"}]}: a ConfigMap has no folders, so each file says where it belongs. */}}
{{- define "hub-functions.descriptionItems" -}}
{{- $items := list -}}
{{- range $path, $_ := .Values.descriptions -}}
{{- $items = append $items (dict "key" (replace "/" "__" $path) "path" $path) -}}
{{- end -}}
{{- if not $items -}}
{{- range (.Files.Get "files/knative/services/service.yaml" | fromYaml).spec.template.spec.volumes -}}
{{- if eq .name "descriptions" }}{{ $items = .configMap.items }}{{ end -}}
{{- end -}}
{{- end -}}
{{- dict "items" $items | toJson -}}
{{- end -}}

{{/* Data of the ConfigMaps, by name. */}}
{{- define "hub-functions.configMaps" -}}
{{- $root := . -}}
{{- $descriptions := dict -}}
{{- range (include "hub-functions.descriptionItems" . | fromJson).items -}}
{{- $sample := $root.Files.Get (printf "files/descriptions/%s" .path) -}}
{{- $_ := set $descriptions .key (get $root.Values.descriptions .path | default $sample) -}}
{{- end -}}
{{- $submission := deepCopy .Values.submission -}}
{{- if not $submission -}}
{{- range $path, $_ := .Files.Glob "files/descriptions/submission/*" -}}
{{- $_ := set $submission (base $path) ($root.Files.Get $path) -}}
{{- end -}}
{{- end -}}
{{- $config := dict "config.json" (include "hub-functions.config" .) -}}
{{- dict "hub-functions-config" $config "hub-functions-descriptions" $descriptions "hub-functions-submission" $submission | toJson -}}
{{- end -}}

{{/* What the ConfigMap `name` is called. Revisions of Knative start again and again: each keeps the files that it was made with. */}}
{{- define "hub-functions.mapName" -}}
{{- $data := get (include "hub-functions.configMaps" .root | fromJson) .name -}}
{{- if and $data (eq .root.Values.platform "knative") -}}
{{- printf "%s-%s" .name (toJson $data | sha256sum | trunc 10) -}}
{{- else -}}
{{- .name -}}
{{- end -}}
{{- end -}}

{{/* Data of this release's ConfigMaps that revisions mount which take requests, by name: they go with the next release, not with this one,
which may never become ready. */}}
{{- define "hub-functions.filesInUse" -}}
{{- $here := .Release.Namespace -}}
{{- $owner := "meta.helm.sh/release-name" -}}
{{- $inUse := dict -}}
{{- $revisions := dict -}}
{{- if .Capabilities.APIVersions.Has "serving.knative.dev/v1" }}{{ $revisions = lookup "serving.knative.dev/v1" "Revision" $here "" }}{{ end -}}
{{- range $revisions.items -}}
{{- if eq (dig "labels" "serving.knative.dev/routingState" "" .metadata) "active" -}}
{{- range .spec.volumes -}}
{{- with .configMap }}{{ with lookup "v1" "ConfigMap" $here .name -}}
{{- if eq (dig "annotations" $owner "" .metadata) $.Release.Name }}{{ $_ := set $inUse .metadata.name .data }}{{ end -}}
{{- end }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $inUse -}}
{{- end -}}

{{/* Of what is mounted on `deployment`: another one makes pods anew, and nothing else does. */}}
{{- define "hub-functions.filesHash" -}}
{{- $maps := include "hub-functions.configMaps" .root | fromJson -}}
{{- $mounted := list -}}
{{- range .spec.volumes -}}
{{- if hasKey . "configMap" }}{{ $mounted = append $mounted (get $maps .configMap.name) }}{{ end -}}
{{- end -}}
{{- if $mounted }}{{ toJson $mounted | sha256sum | trunc 16 }}{{ end -}}
{{- end -}}
