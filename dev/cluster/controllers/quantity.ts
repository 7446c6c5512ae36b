// Kubernetes quantities as numbers: `500m`, `2Gi`, `1e3`.

const SUFFIXES: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Anything that is no quantity counts as nothing: the API server refuses it before it gets here. */
export function parseQuantity(text: string | number | undefined): number {
  const match = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(String(text ?? '0'));
  const value = Number(match?.[1]) * (SUFFIXES[match?.[2] ?? ''] ?? Number.NaN);
  return Number.isNaN(value) ? 0 : value;
}
