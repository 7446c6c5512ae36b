// Reads the operator's config.json; what is in it is checked by each function's own schema.
import { readFileSync } from 'node:fs';
import { ConfigError } from './load';

export function readJsonFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ConfigError(`config.json is not valid JSON: ${error.message}`);
  }
}
