import {
  Composer,
  type Document,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  Parser,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';

/** What YAML says, or why it is refused; lines from 1. */
export type ReadYaml =
  | { readonly value: unknown; readonly doubtful: readonly DoubtfulScalar[] }
  | { readonly problem: string; readonly line: number };

/** A scalar that YAML 1.1 readers (PyYAML) take for something else than the text or number that it is in YAML 1.2. */
export interface DoubtfulScalar {
  readonly source: string;
  readonly line: number;
}

const mostAliases = 100;
const deepest = 100;
/** Bytes up to which a text is parsed: the parser takes about a second for this much. */
const longest = 4 * 1024 * 1024;
const doubtful = /^(?:y|yes|n|no|on|off|0[0-7]+|\d{4}-\d\d?-\d\d?|[-+]?\d+(?::[0-5]?\d)+)$/i;

/**
 * Parses YAML 1.2's core schema. Aliases are allowed and counted; custom tags, merges (unless asked for), keys that stand
 * twice and `__proto__` are refused with their line.
 */
export function readYaml(text: string, { merge = false }: { readonly merge?: boolean } = {}): ReadYaml {
  if (text.length > longest) return { problem: `It has more than ${longest / 1024 / 1024} MB of YAML.`, line: 1 };
  if (isHopelesslyDeep(text)) return { problem: `It nests more than ${deepest} levels deep.`, line: 1 };
  const lineCounter = new LineCounter();
  const line = (offset: number | undefined) => Math.max(1, lineCounter.linePos(offset ?? 0).line);
  try {
    const document = documentOf(text, merge, lineCounter);
    const failure = [...document.errors, ...document.warnings][0];
    if (failure !== undefined) return { problem: sentence(failure.message), line: line(failure.pos[0]) };
    const found = doubtfulIn(document, line);
    if ('problem' in found) return found;
    return { value: document.toJS({ maxAliasCount: mostAliases }), doubtful: found.doubtful };
  } catch (error) {
    if (error instanceof FirstFault) return { problem: sentence(error.message), line: line(error.offset) };
    return { problem: sentence((error as Error).message), line: 1 };
  }
}

class FirstFault extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** As `parseDocument` does it, but only up to the first fault: prose with braces has one in every word, and each costs time. */
function documentOf(text: string, merge: boolean, lineCounter: LineCounter): Document.Parsed {
  const composer = new Composer({
    // The parser's own look at keys compares each with each; ours is below.
    ...{ schema: 'core', merge, uniqueKeys: false, prettyErrors: false, lineCounter },
    // Below this, a key that is a mapping, as in `{{ x }}` without quotes, is told to the console.
    logLevel: 'error',
  });
  Reflect.set(composer, 'onError', stopAtFault(Reflect.get(composer, 'onError')));
  const [first, second] = composer.compose(new Parser(lineCounter.addNewLine).parse(text), true, text.length);
  if (second !== undefined) throw new FirstFault('Source contains multiple documents.', second.range[0]);
  return first as Document.Parsed;
}

type OnError = (source: unknown, code: string, message: string, warning?: boolean) => void;

function stopAtFault(onError: unknown): OnError {
  let first: FirstFault | null = null;
  return (source, code, message, warning) => {
    if (warning) return (onError as OnError)(source, code, message, warning);
    // The composer catches what is thrown inside a node, and tells it as a fault of the node.
    first ??= new FirstFault(message, offsetOf(source));
    throw first;
  };
}

/** Of an offset, a range or a token. */
function offsetOf(source: unknown): number {
  if (typeof source === 'number') return source;
  return Array.isArray(source) ? (source[0] as number) : (source as { readonly offset: number }).offset;
}

/** More brackets open than any text has: the parser would take minutes to find that it is too deep. */
function isHopelesslyDeep(text: string): boolean {
  if (/^[ \t]*(?:[-?] ){500}/m.test(text)) return true;
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    if (bracket === '[' || bracket === '{') open += 1;
    else if (open > 0) open -= 1;
    if (open > 2_000) return true;
  }
  return false;
}

type Problem = Extract<ReadYaml, { readonly problem: string }>;

function doubtfulIn(
  document: Document.Parsed,
  line: (offset: number | undefined) => number,
): Problem | { readonly doubtful: readonly DoubtfulScalar[] } {
  const scalars: DoubtfulScalar[] = [];
  const problems: Problem[] = [];
  visit(document, (_, node, path) => {
    if (path.length > 3 * deepest) {
      problems.push({ problem: `It nests more than ${deepest} levels deep.`, line: 1 });
      return visit.BREAK;
    }
    if (isMap(node)) {
      const twice = keyThatStandsTwice(node);
      if (twice !== null) {
        problems.push({ problem: 'Map keys must be unique.', line: line(twice.range?.[0]) });
        return visit.BREAK;
      }
    }
    if (isPair(node) && isScalar(node.key) && node.key.value === '__proto__') {
      problems.push({
        problem: 'It has a key named "__proto__", which is never read.',
        line: line(node.key.range?.[0]),
      });
      return visit.BREAK;
    }
    if (!isScalar(node) || node.type !== 'PLAIN' || node.source === undefined) return undefined;
    if (doubtful.test(node.source)) scalars.push({ source: node.source, line: line(node.range?.[0]) });
    return undefined;
  });
  return problems[0] ?? { doubtful: scalars };
}

/** The second of two equal keys of a mapping; several merges are no keys. */
function keyThatStandsTwice(map: YAMLMap): Scalar | null {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    if (!isScalar(key) || typeof key.value === 'symbol') continue;
    const name = JSON.stringify([typeof key.value, String(key.value)]);
    if (seen.has(name)) return key;
    seen.add(name);
  }
  return null;
}

/** Whether a parsed YAML value is a mapping. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sentence(message: string): string {
  const first = message.split('\n')[0]!.trim();
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
