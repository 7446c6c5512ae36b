// Kubernetes' `$(NAME)` in commands and env values: unknown names stay as they are, `$$` is a literal `$`.

export function expand(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\$|\$\(([^()]*)\)/g, (found, name: string | undefined) => {
    if (name === undefined) return '$';
    return Object.hasOwn(values, name) ? (values[name] ?? found) : found;
  });
}
