import { AudioLines, FileText, Image, SquareFunction, Type, Undo2 } from 'lucide-react';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { isMedia, isPlaceholder, partsOf, withTextOf } from '../../../../src-core/contract/message-texts.ts';
import type { MessagePart, Role, RoleMessage } from '../../../../src-core/contract/messages.ts';
import { messageExtraPath } from '../../../../src-core/library/drafts/draft-fields.ts';
import type { DraftHandle } from '../../../live/drafts/draft-store.ts';
import { changeMessage } from '../../../live/drafts/edit-content.ts';
import { changePart, movePart, removePart } from '../../../live/drafts/edit-parts.ts';
import { partKeysOf } from '../../../live/drafts/part-keys.ts';
import type { CodeEditorHandle, LineNote } from '../../../monaco/code-editor.tsx';
import { textKeyOf, textUri } from '../draft/rename-everywhere.ts';
import { ExtraField, useHasExtra } from '../extra-field.tsx';
import type { PreviewStore } from '../preview/live-preview.ts';
import { editAt } from './edit-at.ts';
import { MediaFields } from './media-fields.tsx';
import { PartFrame } from './part-frame.tsx';
import { TemplateText } from './template-text.tsx';
import { ToolFields } from './tool-fields.tsx';

export interface MessagePartsProps {
  readonly handle: DraftHandle;
  readonly messageKey: string;
  readonly message: RoleMessage;
  readonly index: number;
  readonly preview: PreviewStore;
  readonly lineNotes?: readonly LineNote[] | undefined;
  /** Takes the editor of a text, by the key of the text. */
  readonly onEditor: (textKey: string, editor: CodeEditorHandle | null) => void;
  readonly onLeave: () => void;
}

/** What a message holds: one text, or parts in their order. */
export function MessageParts(props: MessagePartsProps) {
  const { handle, messageKey, message, index } = props;
  const keys = partKeysOf(handle, messageKey, message);
  const list = useRef<HTMLDivElement>(null);
  const { lineNotes } = props;
  const hasExtra = message.extra !== undefined;
  // The first line that is counted is that of the provider parameters.
  const notes = useMemo(() => (hasExtra ? lineNotes?.slice(1) : lineNotes), [lineNotes, hasExtra]);
  if (typeof message.content === 'string') {
    const partKey = keys[0] ?? '';
    return (
      <TemplateText
        {...props}
        lineNotes={notes}
        partKey={partKey}
        part={undefined}
        value={message.content}
        label={`Message ${index + 1}, ${message.role}. Escape leaves the text.`}
        placeholder={placeholders[message.role]}
        onChange={(content) => editAt(handle, messageKey, (current, at) => changeMessage(current, at, { content }))}
        editorRef={(editor) => props.onEditor(textKeyOf(messageKey, partKey), editor)}
      />
    );
  }
  const focusGrip = (part: number) =>
    requestAnimationFrame(() => list.current?.querySelectorAll<HTMLElement>('[data-part-grip]')[part]?.focus());
  const move = (from: number, to: number) => {
    if (to < 0 || to >= keys.length) return;
    editAt(handle, messageKey, (content, at) => movePart(content, at, from, to));
    focusGrip(to);
  };
  const remove = (part: number) => {
    editAt(handle, messageKey, (content, at) => removePart(content, at, part));
    const { content, messageKeys } = handle.store.getState();
    const now = content.messages[messageKeys.indexOf(messageKey)];
    if (now !== undefined && typeof now.content !== 'string') focusGrip(Math.max(0, part - 1));
    else props.onLeave();
  };
  return (
    <div ref={list} data-parts className="flex flex-col">
      {message.content.map((part, at) => (
        <Part
          key={keys[at]}
          {...props}
          part={part}
          at={at}
          count={keys.length}
          partKey={keys[at] ?? ''}
          onMove={move}
          onRemove={() => remove(at)}
          onLeave={() => focusGrip(at)}
        />
      ))}
    </div>
  );
}

interface PartProps extends MessagePartsProps {
  readonly part: MessagePart;
  readonly at: number;
  readonly count: number;
  readonly partKey: string;
  readonly onMove: (from: number, to: number) => void;
  readonly onRemove: () => void;
}

const kinds: Readonly<Record<MessagePart['type'], { readonly label: string; readonly icon: ReactNode }>> = {
  text: { label: 'Text', icon: <Type /> },
  image: { label: 'Image', icon: <Image /> },
  audio: { label: 'Audio', icon: <AudioLines /> },
  file: { label: 'File', icon: <FileText /> },
  tool_call: { label: 'Tool call', icon: <SquareFunction /> },
  tool_result: { label: 'Tool result', icon: <Undo2 /> },
};

function Part(props: PartProps) {
  const { handle, messageKey, index, part, at, partKey, count } = props;
  const [asked, setAsked] = useState(false);
  const path = messageExtraPath({ message: index, part: at });
  const hasExtra = useHasExtra(handle, path);
  const place = `part ${at + 1} of message ${index + 1}`;
  const { label, icon } = kinds[part.type];
  return (
    <PartFrame
      messageKey={messageKey}
      partKey={partKey}
      index={index}
      part={at}
      count={count}
      kind={label}
      icon={icon}
      hasExtra={hasExtra || asked}
      onExtra={() => setAsked(true)}
      onMove={props.onMove}
      onRemove={props.onRemove}
    >
      <PartBody {...props} place={place} />
      {(hasExtra || asked) && (
        <ExtraField
          handle={handle}
          path={path}
          uri={`${textUri(handle.store.getState().prompt.id, textKeyOf(messageKey, partKey))}/extra`}
          of={place}
          hint="Kept with the part; it is not sent."
          asked={asked}
          className="px-3 pb-2"
        />
      )}
    </PartFrame>
  );
}

function PartBody(props: PartProps & { readonly place: string }) {
  const { handle, messageKey, message, part, partKey, place } = props;
  /** Changes the part wherever it is by now. */
  const change = (next: (part: MessagePart) => MessagePart) =>
    editAt(handle, messageKey, (content, index) => {
      const now = content.messages[index];
      if (now === undefined || isPlaceholder(now)) return content;
      return changePart(content, index, partKeysOf(handle, messageKey, now).indexOf(partKey), next);
    });
  if (isMedia(part)) {
    return (
      <MediaFields
        handle={handle}
        messageKey={messageKey}
        part={part}
        place={place}
        onChange={(next) => change((now) => (isMedia(now) ? next(now) : now))}
      />
    );
  }
  const text = (
    <TemplateText
      {...props}
      lineNotes={undefined}
      part={props.at}
      value={part.type === 'text' ? part.text : part.type === 'tool_call' ? part.arguments : part.content}
      label={`${kinds[part.type].label}, ${place}. Escape leaves the text.`}
      placeholder={placeholderOf(part, message.role)}
      minHeight={34}
      onChange={(next) => change((now) => withTextOf(now, next))}
      editorRef={(editor) => props.onEditor(textKeyOf(messageKey, partKey), editor)}
    />
  );
  if (part.type === 'text') return text;
  return (
    <ToolFields handle={handle} part={part} onChange={(next) => change((now) => (now.type === next.type ? next : now))}>
      {text}
    </ToolFields>
  );
}

const placeholders: Readonly<Record<Role, string>> = {
  system: 'How the model should behave. Write {{ name }} for a value that changes from run to run.',
  developer: 'Instructions of the application.',
  user: 'What a person asks. Write {{ name }} for a value that changes from run to run.',
  assistant: 'An answer to show the model how, or to go on from.',
  tool: 'What a tool has returned.',
};

function placeholderOf({ type }: MessagePart, role: Role): string {
  if (type === 'tool_call') return 'Arguments as JSON, as in { "name": {{ name | tojson }} }';
  return type === 'tool_result' ? placeholders.tool : placeholders[role];
}

/** Keys of the texts of a message, in their order. */
export function textKeysOf(handle: DraftHandle, messageKey: string, message: RoleMessage): readonly string[] {
  const keys = partKeysOf(handle, messageKey, message);
  return partsOf(message).flatMap((part, at) => (isMedia(part) ? [] : [textKeyOf(messageKey, keys[at] ?? '')]));
}
