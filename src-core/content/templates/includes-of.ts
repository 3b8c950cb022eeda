import type { PromptContent, Syntax } from '../../contract/content.ts';
import { templatesOf, withTemplates } from '../../contract/message-texts.ts';
import { analysisOf, parseTemplate } from '../../templates/engine.ts';
import type { Span } from '../../templates/syntax/nodes.ts';
import { originalOffsets } from '../../templates/syntax/original-offsets.ts';

/** A name between quotes, at offsets in the source as it is; the quotes are part of the span. */
interface NamedInclude extends Span {
  readonly name: string;
}

/**
 * The names in `include`, `import`, `from`, `extends` (and Liquid's `render`, `layout`) tags of a source, each once and
 * in order. A source that cannot be parsed, as while it is typed, is searched for such tags.
 */
export function includesOf(source: string, syntax: Syntax): readonly string[] {
  return [...new Set(findIncludes(source, syntax).map(({ name }) => name))];
}

/** The source with other names in its `include` and like tags, where `rename` gives one; all else stays as it is. */
export function renameIncludes(source: string, syntax: Syntax, rename: (name: string) => string | null): string {
  let result = '';
  let copied = 0;
  for (const { name, start, end } of findIncludes(source, syntax)) {
    const fresh = rename(name);
    const quote = source[start] ?? '';
    // Anything but the name between two quotes was put together, as in `"a" "b"`, and is left alone.
    if (fresh === null || source.slice(start, end) !== quote + name + quote) continue;
    result += `${source.slice(copied, start)}${quote}${fresh}${quote}`;
    copied = end;
  }
  return result + source.slice(copied);
}

type Including = Pick<PromptContent, 'messages' | 'syntax'>;

/** The names that a content includes, each once. */
export function includedNames({ messages, syntax }: Including): readonly string[] {
  const texts = messages.flatMap((message) => templatesOf(message));
  return [...new Set(texts.flatMap(({ text }) => includesOf(text, syntax)))];
}

/** The content with other names in its `include` and like tags, where `rename` gives one. */
export function withIncludesRenamed<Content extends Including>(
  content: Content,
  rename: (name: string) => string | null,
): Content {
  const messages = content.messages.map((message) =>
    withTemplates(message, (text) => renameIncludes(text, content.syntax, rename)),
  );
  return { ...content, messages };
}

/** A look that is much cheaper than parsing: most templates include nothing. */
const mayInclude = /\{%[-+]?\s*(?:include|extends|import|from|render|layout|liquid)\b/;

function findIncludes(source: string, syntax: Syntax): readonly NamedInclude[] {
  if (!mayInclude.test(source)) return [];
  const { template } = parseTemplate(source, { syntax });
  if (template === null) return searchIncludes(source);
  const { analysis, text } = analysisOf(template);
  const original = text === source ? (offset: number) => offset : originalOffsets(source);
  const named = analysis.references.named.map(({ name, start, end }) => {
    return { name, start: original(start), end: original(end) };
  });
  return named.sort((a, b) => a.start - b.start);
}

/** Whatever a tag is not in: comments and raw blocks, also those that are still open. */
const verbatim =
  /\{#[\s\S]*?(?:#\}|$)|\{%[-+]?\s*(raw|verbatim|comment)\s*[-+]?%\}[\s\S]*?(?:\{%[-+]?\s*end\1\s*[-+]?%\}|$)/g;
const includeTag = /(\{%[-+]?\s*(?:include|extends|import|from|render|layout)\b)([^%\n]*)/g;
const afterTarget = /\b(?:import|with|without|ignore|as)\b|,(?![^[(]*[\])])/;
const quotedName = /"([^"\n]*)"|'([^'\n]*)'/g;

function searchIncludes(source: string): readonly NamedInclude[] {
  const readable = source.replace(verbatim, (text) => ' '.repeat(text.length));
  const named: NamedInclude[] = [];
  for (const { index, 1: tag = '', 2: rest = '' } of readable.matchAll(includeTag)) {
    const target = rest.split(afterTarget)[0] ?? '';
    for (const quoted of target.matchAll(quotedName)) {
      const start = index + tag.length + quoted.index;
      named.push({ name: quoted[1] ?? quoted[2] ?? '', start, end: start + quoted[0].length });
    }
  }
  return named;
}
