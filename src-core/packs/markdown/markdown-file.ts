import type { ImportProblem } from '../imported.ts';
import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';
import { type FrontMatter, splitFrontMatter } from '../text/front-matter.ts';
import { type DoubtfulScalar, isMapping, readYaml } from '../text/read-yaml.ts';
import { readMatterLines } from './matter-lines.ts';

/** A Markdown file: what its front matter says, and the text below it without blank lines around. */
export interface MarkdownFile {
  readonly values: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** The front matter as it stands; '' without one. */
  readonly matter: string;
  /** Info string of the fence in which the whole file stands, as `chatmode`; '' without one. */
  readonly fence: string;
  readonly doubtful: readonly DoubtfulScalar[];
  readonly problems: readonly ImportProblem[];
}

/** What becomes of front matter that is no YAML. `refuse`: no import; `lines`: read key by key, with a problem; `text`: it stays text. */
export type BadMatter = 'refuse' | 'lines' | 'text';

/** `mend` changes what people write and the readers of the format take, but YAML does not. */
export function readMarkdown(
  source: Source,
  badMatter: BadMatter,
  mend: (matter: string) => string = (matter) => matter,
): MarkdownFile {
  const { text, fence } = unfence(source.text);
  const matter = matterOf(text);
  const whole: MarkdownFile = { values: {}, body: trimBlank(text), matter: '', fence, doubtful: [], problems: [] };
  if (matter === null) return whole;
  const file = { ...whole, body: trimBlank(matter.body), matter: matter.yaml };
  // A text block at its end keeps its last line break.
  const yaml = readYaml(`${mend(matter.yaml)}\n`);
  const first = lineInFile(source.text, text, matter);
  if ('problem' in yaml) {
    // Prose between two rules is text.
    if (badMatter === 'text' || !/^[A-Za-z_][\w.-]*[ \t]*:/m.test(matter.yaml)) return whole;
    const line = first + yaml.line - 1;
    if (badMatter === 'refuse')
      throw refusal(`The front matter of ${source.path} is not valid YAML, line ${line}: ${yaml.problem}`, {
        reason: 'yaml',
        line,
      });
    const message = `The front matter is not valid YAML, so it was read line by line: ${yaml.problem}`;
    return { ...file, values: readMatterLines(matter.yaml), problems: [{ message, line }] };
  }
  if (yaml.value === null) return file;
  if (!isMapping(yaml.value)) return whole;
  const doubtful = yaml.doubtful.map((scalar) => ({ ...scalar, line: scalar.line + first - 1 }));
  return { ...file, values: yaml.value, doubtful };
}

const knownKeys = new WeakMap<Source, Readonly<Record<string, unknown>>>();

/** Keys of the front matter, for a look at what a file is; empty where there is none. Several formats ask for them. */
export function matterKeys(source: Source): Readonly<Record<string, unknown>> {
  const known = knownKeys.get(source);
  if (known !== undefined) return known;
  const matter = matterOf(unfence(source.text).text);
  const yaml = matter === null ? null : readYaml(matter.yaml);
  const lines = yaml !== null && 'problem' in yaml ? readMatterLines(matter?.yaml ?? '') : {};
  const keys = yaml !== null && 'value' in yaml && isMapping(yaml.value) ? yaml.value : lines;
  knownKeys.set(source, keys);
  return keys;
}

/** The front matter of a Markdown text. Behind a heading, which looks like a comment of YAML, two rules hold text. */
export function matterOf(text: string): FrontMatter | null {
  const matter = splitFrontMatter(text);
  if (matter === null || !/^(?:[ \t]*\n)*#/.test(text)) return matter;
  const lines = matter.yaml.split('\n').filter((line) => line.trim() !== '');
  const isKeys =
    lines.some((line) => /^[A-Za-z_]/.test(line)) &&
    lines.every((line) => /^(?:[A-Za-z_][\w.-]*:(?:\s|$)|\s|- |#)/.test(line));
  return isKeys ? matter : null;
}

/** A file that has no text below its front matter has nothing that a model could be sent. */
export function refuseEmpty({ body }: Pick<MarkdownFile, 'body'>, source: Source): void {
  if (body === '') throw refusal(`${source.path} has no text to send to a model.`, { reason: 'no-messages' });
}

/** What chat panels call the fence in which they answer with a whole file. */
const fileFences = /^(?:chatagent|agent|chatmode|prompt|instructions|skill|markdown|md)(?:\.md)?$/i;

/** The text in the fence that holds the whole file, if one does. */
export function unfence(given: string): { readonly text: string; readonly fence: string } {
  const text = given.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const trimmed = text.trim();
  const end = trimmed.indexOf('\n');
  const [, ticks = '', info = ''] = /^(`{3,}|~{3,})[ \t]*([\w.-]*)$/.exec(trimmed.slice(0, end).trimEnd()) ?? [];
  if (end < 0 || !fileFences.test(info) || !trimmed.endsWith(`\n${ticks}`)) return { text, fence: '' };
  const inner = trimmed.slice(end + 1, -ticks.length);
  // A line that ends the fence before the last one shows that the file begins with one block and ends with another.
  if (inner.split('\n').some((line) => line.trimEnd() === ticks) && !/^\s*---[ \t]*\n/.test(inner))
    return { text, fence: '' };
  return { text: inner, fence: info.toLowerCase().replace(/\.md$/, '') };
}

/** The line of the file on which the front matter's YAML begins. */
function lineInFile(whole: string, text: string, { yamlLine }: FrontMatter): number {
  const plain = whole.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const skipped = text === plain ? '' : plain.slice(0, plain.indexOf(text));
  return yamlLine + skipped.split('\n').length - 1;
}

function trimBlank(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
}
