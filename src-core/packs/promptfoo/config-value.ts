import type { Losses } from '../losses.ts';
import type { Source } from '../source.ts';
import { isMapping, type ReadYaml, readYaml } from '../text/read-yaml.ts';

/** Values that references of one config make. */
const mostValues = 200_000;
const deepest = 60;

/** A config as its JSON or YAML says; YAML may have merges, which js-yaml reads. */
export function configValue(source: Source): ReadYaml {
  const json = source.json();
  if ('value' in json) return { value: json.value, doubtful: [] };
  if (/(?:^|[\s{,-])<<[ \t]*:/m.test(source.text)) return readYaml(source.text, { merge: true });
  return source.yaml();
}

/** The value with what `{$ref: "#/…"}` means in it; other references stay, as a loss. */
export function withReferences(root: unknown, losses: Losses): unknown {
  let count = 0;
  const visit = (value: unknown, where: string, depth: number): unknown => {
    count += 1;
    if (count > mostValues || depth > deepest) {
      losses.add('unresolved', 'reference', where, 'References lead too deep, or to too much, to be followed.');
      return null;
    }
    if (Array.isArray(value)) return value.map((item, index) => visit(item, `${where}[${index}]`, depth + 1));
    if (!isMapping(value)) return value;
    const { $ref: reference } = value;
    if (typeof reference === 'string') {
      const target = reference.startsWith('#/') ? valueAt(root, reference) : undefined;
      if (target !== undefined) return visit(target, where, depth + 1);
      losses.add('unresolved', 'reference', where, `Nothing in this file is at "${reference.slice(0, 100)}".`);
      return value;
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        visit(inner, where === '' ? key : `${where}.${key}`, depth + 1),
      ]),
    );
  };
  return visit(root, '', 0);
}

function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const part of pointer.slice(2).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
