import type { Position, SourceSpan } from '../../../../src-core/templates/runtime/types.ts';
import { type PackedSpans, spanAt, spanCount } from '../../../live/preview/packed-spans.ts';
import type { PreviewMessage } from '../../../live/preview/preview.ts';

/** A place in a template; `template` names the included prompt, null is the message itself. */
export interface SourcePlace extends Position {
  readonly template: string | null;
}

/** Where the text at an offset of a rendered message came from; null when that is not known. */
export function placeOfOutput({ text, spans }: PreviewMessage, offset: number): SourcePlace | null {
  const span = spanOver(spans, offset);
  if (span === undefined || (offset >= span.end && offset < text.length)) return null;
  const { template, line, column, input } = span;
  if (input !== null) return { template, line, column };
  // Literal text is the same in template and output, so a place inside it can be computed.
  const lines = text.slice(span.start, offset).split('\n');
  const last = lines.at(-1) ?? '';
  if (lines.length === 1) return { template, line, column: column + last.length };
  return { template, line: line + lines.length - 1, column: last.length + 1 };
}

/** The last span that begins at or before an offset. */
function spanOver(spans: PackedSpans, offset: number): SourceSpan | undefined {
  for (let index = spanCount(spans) - 1; index >= 0; index -= 1) {
    const span = spanAt(spans, index);
    if (span.start <= offset) return span;
  }
  return undefined;
}

/** The name of the input in a path like `documents[].title`. */
export function inputName(path: string | null): string | null {
  return path === null ? null : (/^[^.[]+/.exec(path)?.[0] ?? null);
}
