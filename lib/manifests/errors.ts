// What can be wrong with a service description, always with the place: file, document, path.
import { AppError } from '../errors';

export interface Place {
  readonly file: string;
  /** Counted from 1, as a reader counts the parts between `---`. */
  readonly document?: number;
  /** `spec.template.spec.containers[0].image` */
  readonly path?: string;
}

export function descriptionError(place: Place, problem: string): AppError {
  return new AppError('description_invalid', 500, `${describePlace(place)}: ${problem}`);
}

function describePlace({ file, document, path }: Place): string {
  const parts = [file, document === undefined ? '' : `document ${document}`, path ?? ''];
  return parts.filter((part) => part !== '').join(', ');
}
