import { type MouseEvent, memo, useEffect, useMemo, useRef } from 'react';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import type { PreviewMessage } from '../../../live/preview/preview.ts';
import { inputColour } from '../inputs/input-colour.ts';
import { inputName } from './source-place.ts';
import { type Chunk, chunksOf, looksSame } from './text-chunks.ts';

export interface MarkedTextProps {
  readonly message: PreviewMessage;
  /** Names of the inputs; their places decide the colours. */
  readonly inputs: readonly string[];
  /** A click on the text at that offset. */
  readonly onPick: (offset: number) => void;
}

/** A rendered message with what came from an input marked; only the lines that changed are drawn again. */
export function MarkedText({ message, inputs, onPick }: MarkedTextProps) {
  const shown = useRef<readonly Chunk[]>([]);
  const chunks = useMemo(() => chunksOf(message, shown.current), [message]);
  useEffect(() => {
    shown.current = chunks;
  }, [chunks]);
  if (message.text === '') return <span className="text-faint italic">empty</span>;
  const onClick = (event: MouseEvent) => {
    const offset = isSelecting() ? null : offsetAt(event, chunks);
    if (offset !== null) onPick(offset);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: by keyboard one goes through the legend
    // biome-ignore lint/a11y/useKeyWithClickEvents: by keyboard one goes through the legend
    <div onClick={onClick}>
      {chunks.map((chunk) => (
        <ChunkText key={chunk.id} chunk={chunk} inputs={inputs} />
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
  const { start = 0 } = chunks.find(({ id }) => String(id) === chunk.dataset.chunk) ?? {};
  return start + before.toString().length;
}

interface ChunkTextProps {
  readonly chunk: Chunk;
  readonly inputs: readonly string[];
}

const ChunkText = memo(
  ({ chunk: { id, text, marks }, inputs }: ChunkTextProps) => {
    const parts = [];
    let position = 0;
    for (const [place, { start, end, input }] of marks.entries()) {
      const index = inputs.indexOf(inputName(input) ?? '');
      parts.push(<ForeignText key={`before-${place}`} text={text.slice(position, start)} />);
      parts.push(
        <span
          key={place}
          data-input={index}
          title={`From the input ${input}`}
          className="rounded-sm"
          style={inputColour(index)}
        >
          <ForeignText text={text.slice(start, end)} />
        </span>,
      );
      position = end;
    }
    parts.push(<ForeignText key="rest" text={text.slice(position)} />);
    return (
      <div data-chunk={id} className="foreign [contain-intrinsic-size:auto_800px] [content-visibility:auto]">
        {parts}
      </div>
    );
  },
  (before, after) => before.inputs === after.inputs && looksSame(before.chunk, after.chunk),
);
