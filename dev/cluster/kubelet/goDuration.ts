// Durations as Kubernetes' messages write them: `10s`, `1m20s`, `5m0s`.

export function goDuration(ms: number): string {
  if (ms < 1000) return `${ms}ms`;
  const [minutes, seconds] = [Math.floor(ms / 60_000), (ms % 60_000) / 1000];
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds}s`;
}
