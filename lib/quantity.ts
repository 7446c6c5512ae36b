// Kubernetes quantities: `500m`, `2Gi`, `1e3`.

const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
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

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;
const BINARY = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'] as const;

/** 0 for what is no quantity; check with `isQuantity` where that matters. */
export function parseQuantity(value: unknown): number {
  const [, digits, suffix = '', exponent = '0'] = QUANTITY.exec(String(value)) ?? [];
  return digits === undefined ? 0 : Number(digits) * (FACTORS[suffix] ?? 1) * 10 ** Number(exponent);
}

export function isQuantity(value: unknown): boolean {
  return (typeof value === 'string' || typeof value === 'number') && QUANTITY.test(String(value));
}

/** Memory and storage in powers of two, cpu in thousandths, counts as they are. */
export function formatQuantity(resource: string, amount: number): string {
  if (Number.isInteger(amount) && /memory|storage/.test(resource)) {
    const unit = BINARY.find((suffix) => amount !== 0 && amount % (FACTORS[suffix] ?? 1) === 0);
    return unit === undefined ? String(amount) : `${amount / (FACTORS[unit] ?? 1)}${unit}`;
  }
  return Number.isInteger(amount) ? String(amount) : `${Math.ceil(amount * 1000)}m`;
}
