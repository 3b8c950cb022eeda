/*
 * Pieces of Jinja that converters of other templates write.
 */

/** Methods of dicts hide members of the same name behind a dot, but not in brackets. */
const dictMethods =
  /^(?:clear|copy|fromkeys|get|items|keys|pop|popitem|setdefault|update|values|append|count|extend|index|insert|remove|reverse|sort)$/;
const words =
  /^(?:true|false|none|True|False|None|and|or|not|if|else|elif|in|is|for|import|as|with|without|context|block|recursive)$/;
const identifier = /^[\p{XID_Start}_][\p{XID_Continue}]*$/u;

/** A text as a literal. */
export function jinjaString(text: string): string {
  return JSON.stringify(text);
}

/** A value of JSON as a literal of Jinja. */
export function jinjaLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') return String(value);
  return jinjaString(String(value));
}

/** A member of a value, as `a.b`, `a[0]` or `a["b c"]`. */
export function jinjaMember(base: string, key: string): string {
  if (/^(?:0|[1-9]\d{0,8})$/.test(key)) return `${base}[${key}]`;
  const isPlain = identifier.test(key) && key.normalize('NFKC') === key && !dictMethods.test(key) && !words.test(key);
  return isPlain ? `${base}.${key}` : `${base}[${jinjaString(key)}]`;
}

/** A name for a variable that a template sets itself, which none of those in use has; it counts as used from then on. */
export function freeVariable(wanted: string, used: Set<string>): string {
  let name = wanted;
  for (let number = 2; used.has(name); number += 1) name = `${wanted}${number}`;
  used.add(name);
  return name;
}
