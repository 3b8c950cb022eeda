import type { Source } from '../source.ts';
import { isMapping } from './read-yaml.ts';

/** Characters up to which a text without a name is parsed for a look. */
const longestNameless = 200_000;

type Mapping = Readonly<Record<string, unknown>>;

/**
 * The mapping that a file is, for a look at what it is: JSON under any name, YAML only where the name says so or there is
 * none, since its parser is slow. `keys` are those of which the format needs one.
 */
export function lookAtMapping(source: Source, keys: readonly string[]): Mapping | null {
  const json = source.json();
  if ('value' in json) return isMapping(json.value) ? json.value : null;
  const isNamed = /\.ya?ml$/.test(source.name);
  if (!isNamed && (/\.\w+$/.test(source.name) || source.text.length > longestNameless)) return null;
  if (!keys.some((key) => source.text.includes(key))) return null;
  const yaml = source.yaml();
  return 'value' in yaml && isMapping(yaml.value) ? yaml.value : null;
}
