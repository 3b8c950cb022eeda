import { isMap, isPair, isScalar, LineCounter, Parser, parseDocument, visit, type YAMLMap } from 'yaml';

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
const mostErrors = 100;
const mostOpen = 1_000;
/** Bytes up to which a text is parsed: the parser takes about a second for this much. */
const longest = 4 * 1024 * 1024;
const doubtful = /^(?:y|yes|n|no|on|off|0[0-7]+|\d{4}-\d\d?-\d\d?|[-+]?\d+(?::[0-5]?\d)+)$/i;

/**
 * Parses YAML 1.2's core schema. Aliases are allowed and counted; custom tags, merges (unless asked for), keys that stand
 * twice and `__proto__` are refused with their line.
 */
export function readYaml(text: string, { merge = false }: { readonly merge?: boolean } = {}): ReadYaml {
  if (text.length > longest) return { problem: `It has more than ${longest / 1024 / 1024} MB of YAML.`, line: 1 };
  const lineCounter = new LineCounter();
  const line = (offset: number | undefined) => Math.max(1, lineCounter.linePos(offset ?? 0).line);
  try {
    const broken = manyErrors(text);
    if (broken !== null) return broken;
    const document = parseDocument(text, {
      ...{ schema: 'core', merge, uniqueKeys: false, prettyErrors: false, lineCounter },
      // Below this, a key that is a mapping, as in `{{ x }}` without quotes, is told to the console.
      logLevel: 'error',
    });
    const failure = [...document.errors, ...document.warnings][0];
    if (failure !== undefined) return { problem: sentence(failure.message), line: line(failure.pos[0]) };
    const found = doubtfulIn(document, line);
    if ('problem' in found) return found;
    return { value: document.toJS({ maxAliasCount: mostAliases }), doubtful: found.doubtful };
  } catch (error) {
    return { problem: sentence((error as Error).message), line: 1 };
  }
}

/**
 * The first error of a text that has very many, as templates have that are no YAML: an error takes the composer a tenth of a
 * millisecond, and it goes on to the last.
 */
function manyErrors(text: string): Problem | null {
  const brackets = text.match(/[{}[\]]/g) ?? [];
  if (brackets.length < mostErrors) return null;
  const open = brackets.reduce((depth, bracket) => depth + (bracket === '{' || bracket === '[' ? 1 : -1), 0);
  if (open > mostOpen) return { problem: `It leaves more than ${mostOpen} brackets open.`, line: 1 };
  const lineCounter = new LineCounter();
  let first: { readonly message: string; readonly offset: number } | null = null;
  let count = 0;
  for (const token of new Parser(lineCounter.addNewLine).parse(text)) {
    if (token.type !== 'error') continue;
    first ??= token;
    count += 1;
    if (count >= mostErrors)
      return { problem: sentence(first.message), line: Math.max(1, lineCounter.linePos(first.offset).line) };
  }
  return null;
}

type Problem = Extract<ReadYaml, { readonly problem: string }>;

function doubtfulIn(
  document: ReturnType<typeof parseDocument>,
  line: (offset: number | undefined) => number,
): Problem | { readonly doubtful: readonly DoubtfulScalar[] } {
  const scalars: DoubtfulScalar[] = [];
  const problems: Problem[] = [];
  visit(document, (_, node, path) => {
    if (path.length > 3 * deepest) {
      problems.push({ problem: `It nests more than ${deepest} levels deep.`, line: 1 });
      return visit.BREAK;
    }
    if (isPair(node) && isScalar(node.key) && node.key.value === '__proto__') {
      problems.push({
        problem: 'It has a key named "__proto__", which is never read.',
        line: line(node.key.range?.[0]),
      });
      return visit.BREAK;
    }
    const doubled = isMap(node) ? doubledKey(node) : undefined;
    if (doubled !== undefined) {
      problems.push({ problem: 'Map keys must be unique.', line: line(doubled) });
      return visit.BREAK;
    }
    if (!isScalar(node) || node.type !== 'PLAIN' || node.source === undefined) return undefined;
    if (doubtful.test(node.source)) scalars.push({ source: node.source, line: line(node.range?.[0]) });
    return undefined;
  });
  return problems[0] ?? { doubtful: scalars };
}

/** Offset of the first key that a map has twice. The parser's own check takes time in proportion to the square of a map. */
function doubledKey(map: YAMLMap): number | undefined {
  const seen = new Set<unknown>();
  for (const { key } of map.items) {
    if (!isScalar(key)) continue;
    if (seen.has(key.value)) return key.range?.[0];
    seen.add(key.value);
  }
  return undefined;
}

/** Whether a parsed YAML value is a mapping. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sentence(message: string): string {
  const first = message.split('\n')[0]!.trim();
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
