import type { Source } from '../source.ts';
import { isMapping } from './read-yaml.ts';

type Mapping = Readonly<Record<string, unknown>>;

/**
 * The mapping that a file is, for a look at what it is: JSON under any name, YAML only where the name says so or there is
 * none, since its parser is slow. `keys` are those of which the format needs one.
 */
export function lookAtMapping(source: Source, keys: readonly string[]): Mapping | null {
  const json = source.json();
  if ('value' in json) return isMapping(json.value) ? json.value : null;
  if (!/\.ya?ml$/.test(source.name) && /\.\w+$/.test(source.name)) return null;
  if (!keys.some((key) => source.text.includes(key))) return null;
  const yaml = source.yaml();
  return 'value' in yaml && isMapping(yaml.value) ? yaml.value : null;
}
