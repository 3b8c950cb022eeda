import { X } from 'lucide-react';
import { useState } from 'react';
import type { Conflict, MergeChoice } from '../../../../src-core/content/merge/merge-conflict.ts';
import { documentOf, isPlaceholder } from '../../../../src-core/contract/message-texts.ts';
import type { MessageTemplate } from '../../../../src-core/contract/messages.ts';
import type { Json } from '../../../../src-core/contract/shared.ts';
import { Button } from '../../../components/ui/button.tsx';
import { markedText } from '../../../components/ui/foreign-text.tsx';
import { RoleLabel } from '../../../components/ui/role-label.tsx';
import { CodeEditor } from '../../../monaco/code-editor.tsx';
import { chosenResult, holdsText, readValue } from './merge-choices.ts';
import { keepText, useUnreadTexts } from './merge-store.ts';

export interface ConflictResultProps {
  readonly mergeId: string;
  readonly conflict: Conflict;
  readonly choice: MergeChoice | undefined;
  readonly language: string;
  readonly onEdit: (value: Json) => void;
}

/** What will stand in the merged prompt; edited like any other text. */
export function ConflictResult({ mergeId, conflict, choice, language, onEdit }: ConflictResultProps) {
  if (choice === undefined) {
    return <p className="px-3 py-4 text-muted">Take a side, or both, and change the result here as you like.</p>;
  }
  const result = chosenResult(conflict, choice);
  const place = `merge:///${mergeId}/${encodeURIComponent(conflict.id)}`;
  switch (conflict.kind) {
    case 'text':
      return (
        <CodeEditor
          key={conflict.id}
          uri={place}
          language={language}
          value={typeof result === 'string' ? result : ''}
          onChange={onEdit}
          label={`Result for ${conflict.where}`}
          minHeight={72}
        />
      );
    case 'value':
      return (
        <ValueResult
          key={conflict.id}
          mergeId={mergeId}
          uri={place}
          conflict={conflict}
          result={result}
          onEdit={onEdit}
        />
      );
    case 'messages':
      return (
        <MessagesResult
          uri={place}
          language={language}
          messages={(result ?? []) as unknown as readonly MessageTemplate[]}
          onEdit={onEdit}
        />
      );
    case 'order':
      return (
        <ol className="list-inside list-decimal px-3 py-2">
          {(result as readonly string[]).map((name) => (
            <li key={name}>{name}</li>
          ))}
        </ol>
      );
  }
}

interface ValueResultProps {
  readonly mergeId: string;
  readonly uri: string;
  readonly conflict: Conflict;
  readonly result: Json | undefined;
  readonly onEdit: (value: Json) => void;
}

function ValueResult({ mergeId, uri, conflict, result, onEdit }: ValueResultProps) {
  const isText = holdsText(conflict);
  const shown =
    isText && typeof result === 'string' ? result : result === undefined ? '' : JSON.stringify(result, null, 2);
  const unread = useUnreadTexts(mergeId)[conflict.id];
  // A valid text as the person wrote it, kept until something else changes the value.
  const [own, setOwn] = useState<string | null>(null);
  const ownValue = own === null ? null : readValue(conflict, own);
  const isOwn = ownValue !== null && 'value' in ownValue && canonical(ownValue.value) === canonical(result);
  const read = unread === undefined ? null : readValue(conflict, unread);
  if (result === undefined) return <p className="px-3 py-4 text-muted">This value is left out.</p>;
  return (
    <>
      <CodeEditor
        uri={uri}
        language={isText ? 'plaintext' : 'json'}
        value={unread ?? (isOwn && own !== null ? own : shown)}
        onChange={(next) => {
          setOwn(next);
          const given = readValue(conflict, next);
          if ('problem' in given) keepText(mergeId, conflict.id, next);
          else onEdit(given.value);
        }}
        label={`Result for ${conflict.where}`}
        minHeight={48}
      />
      {read !== null && 'problem' in read && (
        <p role="alert" className="border-t px-3 py-1.5 text-xs text-danger">
          {read.problem}
        </p>
      )}
    </>
  );
}

const canonical = (value: Json | undefined): string => JSON.stringify(value) ?? '';

interface MessagesResultProps {
  readonly uri: string;
  readonly language: string;
  readonly messages: readonly MessageTemplate[];
  readonly onEdit: (value: Json) => void;
}

function MessagesResult({ uri, language, messages, onEdit }: MessagesResultProps) {
  const change = (next: readonly MessageTemplate[]) => onEdit(next as unknown as Json);
  if (messages.length === 0) return <p className="px-3 py-4 text-muted">The message is left out.</p>;
  return (
    <ol className="divide-y">
      {messages.map((message, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the messages of a conflict have no other identity
        <li key={index}>
          <div className="flex items-center px-3 pt-1.5">
            <span className="flex-1">
              <RoleLabel role={message.role ?? 'placeholder'} />
            </span>
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={`Leave out message ${index + 1}`}
              onClick={() => change(messages.toSpliced(index, 1))}
            >
              <X />
            </Button>
          </div>
          {isPlaceholder(message) || typeof message.content !== 'string' ? (
            <pre className="foreign px-3 py-2 font-mono text-sm whitespace-pre-wrap select-text">
              {markedText(documentOf(message))}
            </pre>
          ) : (
            <CodeEditor
              uri={`${uri}/${index}`}
              language={language}
              value={message.content}
              onChange={(content) => change(messages.with(index, { ...message, content }))}
              label={`Result, message ${index + 1}`}
              minHeight={48}
            />
          )}
        </li>
      ))}
    </ol>
  );
}
