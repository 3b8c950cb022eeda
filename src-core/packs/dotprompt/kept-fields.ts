import type { JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';

/** Keys that have a home here, as far as they are what they should be. */
const home = ['name', 'description', 'input', 'tools', 'toolDefs'];

/**
 * What has no home of a Dotprompt file: `parameters` of the configuration, `extensions` with a dot in their names, and other
 * keys as they are.
 */
export function fieldsKept(
  file: Readonly<Record<string, unknown>>,
  parameters: JsonObject,
  losses: Losses,
): Readonly<Record<string, unknown>> {
  const extensions: [string, unknown][] = [];
  const others: [string, unknown][] = [];
  for (const [key, value] of Object.entries(file)) {
    if (home.includes(key) || value === null) continue;
    if (key === 'model' && typeof value === 'string') continue;
    if (key === 'config' && isMapping(value)) continue;
    if (key === 'output') {
      const { schema: _, ...rest } = isMapping(value) ? value : { output: value };
      if (Object.keys(rest).length > 0) others.push(['output', rest]);
    } else if (key === 'variant') others.push([key, value]);
    else if (key.includes('.')) {
      extensions.push([key, value]);
      losses.add('kept', 'extension', key, 'An extension is kept in the metadata.');
    } else {
      others.push([key, value]);
      const what = ['version', 'metadata', 'ext', 'model', 'config'].includes(key) ? key : 'unknown-key';
      losses.add('kept', what, key, 'It has no field here. It is kept in the metadata.');
    }
  }
  return {
    ...Object.fromEntries(others),
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(extensions.length > 0 && { extensions: Object.fromEntries(extensions) }),
  };
}
