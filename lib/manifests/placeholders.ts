// Fills placeholders into text, in the order of the steps: the first that knows a name wins, later ones see what was inserted.

export interface Step {
  readonly values: Readonly<Record<string, string>>;
  /** Whether a plain YAML scalar made of these values may become a number or boolean; never for what users send. */
  readonly typed: boolean;
}

export interface Substitution {
  /** Opening and closing delimiter, `<` and `>` unless configured. */
  readonly indicators: readonly [string, string];
  readonly steps: readonly Step[];
}

export interface Filled {
  readonly text: string;
  /** Something was filled in, and all of it may be typed. */
  readonly typed: boolean;
}

export function fill(text: string, { indicators, steps }: Substitution): Filled {
  if (!text.includes(indicators[0])) return { text, typed: false };
  const pattern = placeholderPattern(indicators);
  let filled = text;
  let count = 0;
  let untyped = 0;
  for (const { values, typed } of steps) {
    filled = filled.replaceAll(pattern, (placeholder: string, name: string) => {
      if (!Object.hasOwn(values, name)) return placeholder;
      count += 1;
      if (!typed) untyped += 1;
      return values[name] ?? '';
    });
  }
  return { text: filled, typed: count > 0 && untyped === 0 };
}

/** Names between delimiters that nothing has filled: `['imge']` for `<imge>:1`. */
export function unknownPlaceholders(text: string, indicators: readonly [string, string]): readonly string[] {
  return [...text.matchAll(placeholderPattern(indicators))].map(([, name = '']) => name);
}

function placeholderPattern([open, close]: readonly [string, string]): RegExp {
  return new RegExp(`${escapeRegExp(open)}([A-Za-z_][A-Za-z0-9_.-]*)${escapeRegExp(close)}`, 'g');
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
