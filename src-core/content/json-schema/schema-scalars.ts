import type { JsonObject } from '../../contract/shared.ts';
import { jsonFormats } from './json-formats.ts';
import type { SchemaRun } from './schema-run.ts';

/** What a schema does not allow in a number, a clause each. */
export function numberClauses(schema: JsonObject, value: number): readonly string[] {
  const clauses: string[] = [];
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  // Up to draft 4 `exclusiveMinimum` was a flag beside `minimum`.
  const above = exclusiveMinimum === true ? minimum : exclusiveMinimum;
  const below = exclusiveMaximum === true ? maximum : exclusiveMaximum;
  if (typeof above === 'number' && !(value > above)) clauses.push(`must be above ${above}, not ${value}`);
  else if (typeof minimum === 'number' && !(value >= minimum))
    clauses.push(`must be at least ${minimum}, not ${value}`);
  if (typeof below === 'number' && !(value < below)) clauses.push(`must be below ${below}, not ${value}`);
  else if (typeof maximum === 'number' && !(value <= maximum)) clauses.push(`must be at most ${maximum}, not ${value}`);
  if (typeof multipleOf === 'number' && !isMultiple(value, multipleOf))
    clauses.push(`must be a multiple of ${multipleOf}, not ${value}`);
  return clauses;
}

/** 0.3 is a multiple of 0.1, although the numbers of the machine do not say so. */
function isMultiple(value: number, divisor: number): boolean {
  const quotient = value / divisor;
  return (
    Number.isFinite(quotient) && Math.abs(quotient - Math.round(quotient)) <= 1e-9 * Math.max(1, Math.abs(quotient))
  );
}

/** What a schema does not allow in a text, a clause each. */
export function textClauses(run: SchemaRun, schema: JsonObject, value: string): readonly string[] {
  const clauses: string[] = [];
  const { minLength, maxLength, pattern, format } = schema;
  const units = value.length;
  // A character is one or two units, so counting is mostly not needed.
  const length = () => [...value].length;
  if (typeof minLength === 'number' && units < 2 * minLength && length() < minLength)
    clauses.push(`must have at least ${minLength} characters, not ${length()}`);
  if (typeof maxLength === 'number' && units > maxLength && length() > maxLength)
    clauses.push(`must have at most ${maxLength} characters, not ${length()}`);
  if (typeof pattern === 'string' && !run.matches(pattern, value)) clauses.push(`must match the pattern ${pattern}`);
  const fits = typeof format === 'string' ? jsonFormats.get(format) : undefined;
  if (fits !== undefined && !fits(value)) clauses.push(`must be a valid ${String(format)}`);
  return clauses;
}
