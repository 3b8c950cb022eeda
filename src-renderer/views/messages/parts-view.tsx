import { ListPlus, SquareFunction, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { indentedJson, parseWrittenJson } from '../../../src-core/content/inputs/written-json.ts';
import { isMedia, isPlaceholder, partsOf } from '../../../src-core/contract/message-texts.ts';
import type { MessagePart, MessageTemplate, RenderedPart } from '../../../src-core/contract/messages.ts';
import { Badge } from '../../components/ui/badge.tsx';
import { ForeignText } from '../../components/ui/foreign-text.tsx';
import { MediaView } from './media-view.tsx';

type Part = MessagePart | RenderedPart;

/** The parts of a message to read and to copy, in their order. */
export function PartsView({ parts }: { readonly parts: readonly Part[] }) {
  if (parts.length === 0) return <p className="font-sans text-sm text-muted">This message is empty.</p>;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: shown, never reordered
        <PartView key={index} part={part} />
      ))}
    </div>
  );
}

function PartView({ part }: { readonly part: Part }): ReactNode {
  const extra = 'extra' in part && part.extra !== undefined ? <Extra value={part.extra} /> : null;
  if (isMedia(part)) {
    return (
      <>
        <MediaView part={part} />
        {extra}
      </>
    );
  }
  switch (part.type) {
    case 'text':
      return (
        <>
          <Text text={part.text} />
          {extra}
        </>
      );
    case 'tool_call':
      return (
        <Tool icon={<SquareFunction aria-hidden="true" />} label={`Calls ${part.name}`} id={part.id}>
          <Text text={indented(part.arguments)} />
          {extra}
        </Tool>
      );
    case 'tool_result':
      return (
        <Tool icon={<Undo2 aria-hidden="true" />} label={`Result${part.name ? ` of ${part.name}` : ''}`} id={part.id}>
          <Text text={part.content} />
          {extra}
        </Tool>
      );
  }
}

const Text = ({ text }: { readonly text: string }) => (
  <div className="foreign font-mono text-sm leading-5 break-words whitespace-pre-wrap select-text">
    {text === '' ? <span className="text-faint italic">empty</span> : <ForeignText text={text} />}
  </div>
);

interface ToolProps {
  readonly icon: ReactNode;
  readonly label: string;
  readonly id: string;
  readonly children: ReactNode;
}

function Tool({ icon, label, id, children }: ToolProps) {
  return (
    <section aria-label={label} className="flex max-w-xl min-w-0 flex-col gap-1 rounded-md border bg-panel px-2.5 py-2">
      <h4 className="flex min-w-0 items-center gap-1.5 font-sans text-xs font-medium [&_svg]:size-3.5 [&_svg]:text-muted">
        {icon}
        <span className="truncate">
          <ForeignText text={label} />
        </span>
        {id !== '' && (
          <code className="truncate font-mono font-normal text-muted">
            <ForeignText text={id} />
          </code>
        )}
      </h4>
      {children}
    </section>
  );
}

const Extra = ({ value }: { readonly value: object }) => (
  <div className="font-sans text-xs text-muted">
    Provider parameters{' '}
    <code className="foreign font-mono break-all">
      <ForeignText text={JSON.stringify(value)} />
    </code>
  </div>
);

/** A message as it is written, to read: its text, its parts, or the place that it keeps. */
export function MessageView({ message }: { readonly message: MessageTemplate }) {
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {isPlaceholder(message) ? <PlaceholderView message={message} /> : <PartsView parts={partsOf(message)} />}
      {message.extra !== undefined && <Extra value={message.extra} />}
    </div>
  );
}

function PlaceholderView({
  message,
}: {
  readonly message: { readonly placeholder: string; readonly optional?: boolean | undefined };
}) {
  return (
    <p className="flex min-w-0 items-center gap-2 font-sans text-sm">
      <ListPlus aria-hidden="true" className="size-4 shrink-0 text-muted" />
      <span className="min-w-0">
        The messages of{' '}
        <code className="font-mono break-all">
          <ForeignText text={message.placeholder} />
        </code>
      </span>
      {message.optional === true && <Badge>optional</Badge>}
    </p>
  );
}

/** The images, audio and files among messages, under a text that names them by their lines. */
export function MediaStrip({ messages }: { readonly messages: readonly MessageTemplate[] }) {
  const media = messages.flatMap((message) => partsOf(message).filter((part) => isMedia(part)));
  if (media.length === 0) return null;
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(220px,1fr))] gap-2 border-t p-2">
      {media.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: shown, never reordered
        <MediaView key={index} part={part} compact />
      ))}
    </div>
  );
}

/** JSON as it reads best, with the digits that were written; other text as it is. */
function indented(text: string): string {
  try {
    return indentedJson(parseWrittenJson(text));
  } catch {
    return text;
  }
}
