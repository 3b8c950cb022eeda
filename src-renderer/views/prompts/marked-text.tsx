import { type MouseEvent, memo, useMemo } from 'react';
import type { RenderedMessage } from '../../../src-core/content/render-content.ts';
import { inputColour } from './input-colour.ts';
import { inputName } from './source-place.ts';

/** A stretch of lines with the places in it that came from inputs; offsets count from its start. */
interface Chunk {
  readonly start: number;
  readonly text: string;
  readonly marks: readonly { readonly start: number; readonly end: number; readonly input: string }[];
}

const linesPerChunk = 40;

export interface MarkedTextProps {
  readonly message: RenderedMessage;
  /** Names of the inputs; their places decide the colours. */
  readonly inputs: readonly string[];
  /** A click on the text at that offset. */
  readonly onPick: (offset: number) => void;
}

/** A rendered message with what came from an input marked; only the lines that changed are drawn again. */
export function MarkedText({ message, inputs, onPick }: MarkedTextProps) {
  const chunks = useMemo(() => chunksOf(message), [message]);
  if (message.text === '') return <span className="text-faint italic">empty</span>;
  const onClick = (event: MouseEvent) => {
    const offset = isSelecting() ? null : offsetAt(event, chunks);
    if (offset !== null) onPick(offset);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: by keyboard one goes through the legend
    // biome-ignore lint/a11y/useKeyWithClickEvents: by keyboard one goes through the legend
    <div onClick={onClick}>
      {chunks.map((chunk, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a chunk is its position
        <ChunkText key={index} index={index} chunk={chunk} inputs={inputs} />
      ))}
    </div>
  );
}

const isSelecting = () => window.getSelection()?.isCollapsed === false;

/** The offset in the message that was clicked at. */
function offsetAt({ clientX, clientY }: MouseEvent, chunks: readonly Chunk[]): number | null {
  const caret = document.caretPositionFromPoint(clientX, clientY);
  const chunk = caret?.offsetNode.parentElement?.closest<HTMLElement>('[data-chunk]');
  if (caret == null || chunk == null) return null;
  const before = document.createRange();
  before.setStart(chunk, 0);
  before.setEnd(caret.offsetNode, caret.offset);
  return (chunks[Number(chunk.dataset.chunk)]?.start ?? 0) + before.toString().length;
}

interface ChunkTextProps {
  readonly index: number;
  readonly chunk: Chunk;
  readonly inputs: readonly string[];
}

const ChunkText = memo(
  ({ index: chunkIndex, chunk: { text, marks }, inputs }: ChunkTextProps) => {
    const parts = [];
    let position = 0;
    for (const { start, end, input } of marks) {
      const index = inputs.indexOf(inputName(input) ?? '');
      parts.push(text.slice(position, start));
      parts.push(
        <span
          key={start}
          data-input={index}
          title={`From the input ${input}`}
          className="rounded-sm"
          style={inputColour(index)}
        >
          {text.slice(start, end)}
        </span>,
      );
      position = end;
    }
    parts.push(text.slice(position));
    return (
      <div data-chunk={chunkIndex} className="[contain-intrinsic-size:auto_800px] [content-visibility:auto]">
        {parts}
      </div>
    );
  },
  (before, after) =>
    before.chunk.text === after.chunk.text &&
    before.inputs.join() === after.inputs.join() &&
    JSON.stringify(before.chunk.marks) === JSON.stringify(after.chunk.marks),
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
