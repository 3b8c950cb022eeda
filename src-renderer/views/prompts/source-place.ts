import type { RenderedMessage } from '../../../src-core/content/render-content.ts';
import type { Position } from '../../../src-core/templates/types.ts';

/** A place in a template; `template` names the included prompt, null is the message itself. */
export interface SourcePlace extends Position {
  readonly template: string | null;
}

/** Where the text at an offset of a rendered message came from; null when that is not known. */
export function placeOfOutput({ text, sourceMap }: RenderedMessage, offset: number): SourcePlace | null {
  const span = sourceMap.findLast(({ start }) => start <= offset);
  if (span === undefined || (offset >= span.end && offset < text.length)) return null;
  const { template, line, column, input } = span;
  if (input !== null) return { template, line, column };
  // Literal text stands in the template as it stands in the output, so the place inside of it can be told too.
  const lines = text.slice(span.start, offset).split('\n');
  const last = lines.at(-1) ?? '';
  if (lines.length === 1) return { template, line, column: column + last.length };
  return { template, line: line + lines.length - 1, column: last.length + 1 };
}

/** The name of the input in a path like `documents[].title`. */
export const inputName = (path: string | null): string | null =>
  path === null ? null : (/^\w+/.exec(path)?.[0] ?? null);
