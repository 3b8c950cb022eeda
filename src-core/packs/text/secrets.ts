import type { Losses } from '../losses.ts';

const secretKey =
  /^(?:api[_-]?key|.*_api_key|apikey|authorization|.*(?:secret|password|access[_-]?token)|bearer|x-api-key)$/i;
/** A value that names a variable of the environment instead of a key. */
const reference = /^\s*(?:\$\{[^}]*\}|\{\{[^}]*\}\}|\$[A-Z_][A-Z0-9_]*|<[^>]*>|)\s*$/;
/** Shapes of well-known keys, wherever they stand. */
const looksSecret =
  /\b(?:sk-[A-Za-z0-9_-]{16,}|sk-ant-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|AIza[\w-]{30,}|xox[abp]-[\w-]{10,}|pm_live_\w{8,})/;

/**
 * The same value without literal keys: they are removed and named by their place, never by their value. What only names a
 * variable of the environment stays, as a loss of the kind `kept`.
 */
export function withoutSecrets<Value>(value: Value, losses: Losses, where = ''): Value {
  return clean(value, losses, where) as Value;
}

function clean(value: unknown, losses: Losses, where: string): unknown {
  if (Array.isArray(value)) return value.map((item, index) => clean(item, losses, `${where}[${index}]`));
  if (typeof value === 'string') {
    if (!looksSecret.test(value)) return value;
    losses.add('refused', 'secret', where, 'It looks like a key. Keys never travel; add it to the endpoint here.');
    return value.replace(new RegExp(looksSecret, 'g'), '[removed]');
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept: [string, unknown][] = [];
  for (const [key, inner] of Object.entries(value)) {
    const place = where === '' ? key : `${where}.${key}`;
    if (typeof inner === 'string' && secretKey.test(key) && !reference.test(inner)) {
      losses.add('refused', 'secret', place, 'Keys never travel; add it to the endpoint here.');
      continue;
    }
    kept.push([key, clean(inner, losses, place)]);
  }
  return Object.fromEntries(kept);
}
