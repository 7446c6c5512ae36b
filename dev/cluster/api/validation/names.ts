// The grammar of names, labels and keys, with the sentences that the real server answers.

/** What is wrong with a value; empty when nothing is. */
export type Grammar = (value: string) => readonly string[];

export const isDnsLabel = grammar({
  pattern: '[a-z0-9]([-a-z0-9]*[a-z0-9])?',
  maxLength: 63,
  says: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  examples: ['my-name', '123-abc'],
});

export const isDnsSubdomain = grammar({
  pattern: '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*',
  maxLength: 253,
  says: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  examples: ['example.com'],
});

export const isDns1035Label = grammar({
  pattern: '[a-z]([-a-z0-9]*[a-z0-9])?',
  maxLength: 63,
  says: "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  examples: ['my-name', 'abc-123'],
});

export const isLabelValue = grammar({
  pattern: '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?',
  maxLength: 63,
  says: "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: ['MyValue', 'my_value', '12345'],
});

export const isConfigKey = grammar({
  pattern: '[-._a-zA-Z0-9]+',
  maxLength: 253,
  says: "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  examples: ['key.name', 'KEY_NAME', 'key-name'],
});

export const isEnvName = grammar({
  pattern: '[ -<>-~]+',
  maxLength: Infinity,
  says: "a valid environment variable name must consist only of printable ASCII characters other than '='",
  examples: ['my-name'],
  isPatternShown: false,
});

const isQualifiedPart = grammar({
  pattern: '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]',
  maxLength: 63,
  says: "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: ['MyName', 'my.name', '123-abc'],
});

/** Keys of labels and annotations: `name` or `example.com/name`. */
export const isQualifiedName: Grammar = (value) => {
  const [name = '', prefix, ...rest] = value.split('/').toReversed();
  if (rest.length > 0) {
    return [
      "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ];
  }
  const ofPrefix = prefix === undefined ? [] : prefixFaults(prefix);
  const ofName =
    name === '' ? ['name part must be non-empty'] : isQualifiedPart(name).map((says) => `name part ${says}`);
  return [...ofPrefix, ...ofName];
};

function prefixFaults(prefix: string): readonly string[] {
  return prefix === ''
    ? ['prefix part must be non-empty']
    : isDnsSubdomain(prefix).map((says) => `prefix part ${says}`);
}

interface Rule {
  readonly pattern: string;
  readonly maxLength: number;
  readonly says: string;
  readonly examples: readonly string[];
  readonly isPatternShown?: boolean;
}

function grammar({ pattern, maxLength, says, examples, isPatternShown = true }: Rule): Grammar {
  const whole = new RegExp(`^(?:${pattern})$`);
  const given = examples.map((example) => `'${example}'`).join(',  or ');
  const hint = isPatternShown ? ` (e.g. ${given}, regex used for validation is '${pattern}')` : '';
  return (value) => [
    ...(Buffer.byteLength(value) > maxLength ? [`must be no more than ${maxLength} characters`] : []),
    ...(whole.test(value) ? [] : [says + hint]),
  ];
}
