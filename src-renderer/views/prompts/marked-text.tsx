import { memo, useMemo } from 'react';
import type { RenderedMessage } from '../../../src-core/content/render-content.ts';

/** A stretch of lines with the places in it that came from inputs; offsets count from its start. */
interface Chunk {
  readonly text: string;
  readonly marks: readonly { readonly start: number; readonly end: number; readonly input: string }[];
}

const linesPerChunk = 40;

/** A rendered message with what came from an input marked; only the lines that changed are drawn again. */
export function MarkedText({ message }: { readonly message: RenderedMessage }) {
  const chunks = useMemo(() => chunksOf(message), [message]);
  if (message.text === '') return <span className="text-faint italic">empty</span>;
  return chunks.map((chunk, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a chunk is its position
    <ChunkText key={index} chunk={chunk} />
  ));
}

const ChunkText = memo(
  ({ chunk: { text, marks } }: { readonly chunk: Chunk }) => {
    const parts = [];
    let position = 0;
    for (const { start, end, input } of marks) {
      parts.push(text.slice(position, start));
      parts.push(
        <span key={start} title={`From the input ${input}`} className="rounded-sm bg-accent-soft text-accent-text">
          {text.slice(start, end)}
        </span>,
      );
      position = end;
    }
    parts.push(text.slice(position));
    return <div className="[contain-intrinsic-size:auto_800px] [content-visibility:auto]">{parts}</div>;
  },
  (before, after) =>
    before.chunk.text === after.chunk.text && JSON.stringify(before.chunk.marks) === JSON.stringify(after.chunk.marks),
);

function chunksOf({ text, sourceMap }: RenderedMessage): readonly Chunk[] {
  const chunks: { readonly start: number; readonly text: string; readonly marks: Chunk['marks'][number][] }[] = [];
  for (let start = 0; start < text.length; ) {
    const end = endOfLines(text, start);
    chunks.push({ start, text: text.slice(start, end), marks: [] });
    start = end;
  }
  let index = 0;
  for (const { start, end, input } of sourceMap) {
    if (input === null) continue;
    while (index < chunks.length - 1 && start >= (chunks[index + 1]?.start ?? 0)) index += 1;
    // A value of many lines may reach over the end of its chunk.
    for (let reached = index; reached < chunks.length; reached += 1) {
      const chunk = chunks[reached];
      if (chunk === undefined || chunk.start >= end) break;
      const from = Math.max(0, start - chunk.start);
      const to = Math.min(chunk.text.length, end - chunk.start);
      if (to > from) chunk.marks.push({ start: from, end: to, input });
    }
  }
  return chunks;
}

function endOfLines(text: string, start: number): number {
  let end = start;
  for (let line = 0; line < linesPerChunk; line += 1) {
    const newline = text.indexOf('\n', end);
    if (newline < 0) return text.length;
    end = newline + 1;
  }
  return end;
}
