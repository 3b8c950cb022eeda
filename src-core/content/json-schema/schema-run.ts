import type { Json, JsonObject } from '../../contract/shared.ts';
import { compilePattern, PatternFault, type PatternTest } from './safe-pattern.ts';

/** A schema that cannot be used; the message is a clause. */
export class SchemaFault extends Error {}

/** Subschemas, items and properties that one validation may look at: about half a second. */
const maxSteps = 400_000;
/** Following a pattern is that much cheaper than looking at a subschema. */
const patternStepsPerStep = 10;
/** References and subschemas inside each other. */
const maxDepth = 200;

/** One use of a schema, with what it may still cost. */
export interface SchemaRun {
  /** `$ref` leaves out its neighbours, as up to draft 7. */
  readonly refsStandAlone: boolean;
  spend(steps: number): void;
  /** Runs `check` one level deeper; endless references come to an end here. */
  deeper<Result>(check: () => Result): Result;
  /** The schema that a local reference means. */
  resolve(reference: string): Json;
  matches(pattern: string, text: string): boolean;
}

export function createSchemaRun(root: JsonObject, most: number = maxSteps): SchemaRun {
  const patterns = new Map<string, PatternTest>();
  const resolved = new Map<string, Json>();
  let anchors: ReadonlyMap<string, Json> | null = null;
  let steps = 0;
  let depth = 0;
  const spend = (more: number) => {
    steps += more;
    if (steps > most) throw new SchemaFault('checking it takes too long');
  };
  return {
    refsStandAlone: typeof root.$schema === 'string' && /draft-0[3-7]/.test(root.$schema),
    spend,
    deeper(check) {
      depth += 1;
      if (depth > maxDepth) throw new SchemaFault('it refers to itself without end, or it or the value nests too deep');
      const result = check();
      depth -= 1;
      return result;
    },
    resolve(reference) {
      const known = resolved.get(reference);
      if (known !== undefined) return known;
      anchors ??= collectAnchors(root, spend);
      const found = find(root, anchors, reference);
      if (found === undefined)
        throw new SchemaFault(
          reference.startsWith('#')
            ? `there is nothing at its reference ${JSON.stringify(reference)}`
            : `its reference ${JSON.stringify(reference.slice(0, 100))} leads outside of it`,
        );
      resolved.set(reference, found);
      return found;
    },
    matches(pattern, text) {
      const test = patterns.get(pattern) ?? compile(pattern);
      patterns.set(pattern, test);
      return test(text, (more) => spend(more / patternStepsPerStep));
    },
  };
}

function compile(pattern: string): PatternTest {
  try {
    return compilePattern(pattern);
  } catch (thrown) {
    if (!(thrown instanceof PatternFault)) throw thrown;
    throw new SchemaFault(`its pattern ${JSON.stringify(pattern.slice(0, 100))} cannot be used: ${thrown.message}`);
  }
}

/** Schemas by `$id` and by `$anchor`, the latter with `#` in front. */
function collectAnchors(root: Json, spend: (steps: number) => void): ReadonlyMap<string, Json> {
  const anchors = new Map<string, Json>();
  const walk = (node: Json, depth: number): void => {
    spend(1);
    if (typeof node !== 'object' || node === null || depth > maxDepth) return;
    if (!isList(node)) {
      for (const key of ['$id', 'id'] as const) {
        const id = node[key];
        if (typeof id === 'string' && !anchors.has(id)) anchors.set(id, node);
      }
      for (const key of ['$anchor', '$dynamicAnchor'] as const) {
        const anchor = node[key];
        if (typeof anchor === 'string' && !anchors.has(`#${anchor}`)) anchors.set(`#${anchor}`, node);
      }
    }
    for (const child of Object.values(node)) walk(child, depth + 1);
  };
  walk(root, 0);
  return anchors;
}

function find(root: JsonObject, anchors: ReadonlyMap<string, Json>, reference: string): Json | undefined {
  const [id = '', fragment = ''] = reference.split('#', 2);
  const base = id === '' || id === root.$id ? root : anchors.get(id);
  if (base === undefined || fragment === '') return base;
  if (!fragment.startsWith('/')) return anchors.get(`#${fragment}`);
  let found: Json | undefined = base;
  for (const step of decode(fragment).split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Readonly<Record<string, Json>>)[key];
  }
  return found;
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
