// Chooses the representation of an answer as Django REST framework does: format first, then the most precise Accept.
import { AppError } from '../errors';

export type Format = 'json' | 'html';

export interface Wish {
  /** From the suffix or from `?format=`. */
  readonly format: string | undefined;
  readonly accept: string | undefined;
}

interface MediaRange {
  readonly type: string;
  /** 0 for any type, 1 for any subtype, 2 for a type, 3 for a type with parameters. */
  readonly precision: number;
}

export const MEDIA_TYPES: Readonly<Record<Format, string>> = { json: 'application/json', html: 'text/html' };
const OFFERS: readonly { readonly name: string; readonly format: Format }[] = [
  { name: 'json', format: 'json' },
  { name: 'api', format: 'html' },
];

/** 404 for an unknown format, 406 when Accept admits none of the formats. */
export function negotiate({ format, accept }: Wish): Format {
  const offered = OFFERS.filter(({ name }) => !format || name === format);
  if (offered.length === 0) throw new AppError('unknown_format', 404, 'Not found.');
  const ranges = (accept || '*/*').split(',').map(parseRange);
  for (const precision of [3, 2, 1, 0]) {
    const ofPrecision = ranges.filter((range) => range.precision === precision);
    const chosen = offered.find((offer) => ofPrecision.some(({ type }) => admits(type, MEDIA_TYPES[offer.format])));
    if (chosen) return chosen.format;
  }
  throw new AppError('not_acceptable', 406, 'Could not satisfy the request Accept header.');
}

function parseRange(text: string): MediaRange {
  const [type = '', ...params] = text.split(';').map((part) => part.trim().toLowerCase());
  if (type === '*/*') return { type, precision: 0 };
  if (type.endsWith('/*')) return { type, precision: 1 };
  return { type, precision: params.some((param) => !param.startsWith('q=')) ? 3 : 2 };
}

function admits(range: string, mediaType: string): boolean {
  if (range === '*/*' || range === mediaType) return true;
  return range.endsWith('/*') && mediaType.startsWith(range.slice(0, -1));
}
