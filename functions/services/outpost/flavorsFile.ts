// Outpost's flavors file, mounted as it is: YAML of the same structure as section `flavors` of config.json.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { ConfigError, loadConfig } from '../../../lib/config/load';
import { flavorSettings, type FlavorSettings } from './flavorSettings';

/** Fails with every fault listed, also when there is no such file: servers without their limits would be worse. */
export function readFlavorsFile(path: string): FlavorSettings {
  return loadConfig(flavorSettings, parseYaml(readFileSync(path, 'utf8')) ?? {}, 'the flavors file');
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new ConfigError(`the flavors file is not valid YAML: ${(error as Error).message}`);
  }
}
