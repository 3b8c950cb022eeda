import type { ReactNode } from 'react';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { partsOf } from '../../../../src-core/contract/message-texts.ts';
import type { MessagePart } from '../../../../src-core/contract/messages.ts';
import { Field } from '../../../fields/field.tsx';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import { SuggestedInput } from './suggested-input.tsx';

type ToolPart = Extract<MessagePart, { type: 'tool_call' | 'tool_result' }>;

export interface ToolFieldsProps {
  readonly handle: DraftHandle;
  readonly part: ToolPart;
  readonly onChange: (part: ToolPart) => void;
  /** The editor of its text. */
  readonly children: ReactNode;
}

/** A call of a function, or what it returned: its names above its text. */
export function ToolFields({ handle, part, onChange, children }: ToolFieldsProps) {
  const content = useDraft(handle, (state) => state.content);
  const isCall = part.type === 'tool_call';
  const tools = content.tools.map(({ name }) => name);
  return (
    <>
      <div className="grid grid-cols-2 gap-3 px-3 pb-2">
        <Field
          label={isCall ? 'Function' : 'Function (optional)'}
          error={isCall && part.name === '' ? 'Name the function that is called.' : null}
        >
          {(control) => (
            <SuggestedInput
              {...control}
              names={tools}
              maxLength={200}
              className="font-mono"
              placeholder="look_up"
              value={part.name ?? ''}
              onChange={({ target: { value } }) => onChange(isCall ? { ...part, name: value } : named(part, value))}
            />
          )}
        </Field>
        <Field label={isCall ? 'Id of the call' : 'Id of the call that it answers'}>
          {(control) => (
            <SuggestedInput
              {...control}
              names={isCall ? [] : callsIn(content).map(({ id }) => id)}
              maxLength={500}
              className="font-mono"
              placeholder="call_1"
              value={part.id}
              onChange={(event) => onChange({ ...part, id: event.target.value })}
            />
          )}
        </Field>
      </div>
      <div className="border-t border-dashed">{children}</div>
    </>
  );
}

function named(part: Extract<ToolPart, { type: 'tool_result' }>, name: string): ToolPart {
  const { name: _before, ...others } = part;
  return name === '' ? others : { ...others, name };
}

interface Call {
  readonly id: string;
  readonly name: string;
}

function callsIn({ messages }: PromptContent): readonly Call[] {
  return messages.flatMap((message) => partsOf(message).flatMap((part) => (part.type === 'tool_call' ? [part] : [])));
}

/** A new call, of the first function of the prompt, with an id that no other has. */
export function newToolCall(content: PromptContent): MessagePart {
  const taken = new Set(callsIn(content).map(({ id }) => id));
  let number = 1;
  while (taken.has(`call_${number}`)) number += 1;
  return { type: 'tool_call', id: `call_${number}`, name: content.tools[0]?.name ?? '', arguments: '{}' };
}

/** A new result, of the last call that has none yet. */
export function newToolResult(content: PromptContent): MessagePart {
  const answered = new Set(
    content.messages.flatMap((message) =>
      partsOf(message).flatMap((part) => (part.type === 'tool_result' ? [part.id] : [])),
    ),
  );
  const calls = callsIn(content);
  const { id = '' } = calls.find((call) => !answered.has(call.id)) ?? calls.at(-1) ?? {};
  return { type: 'tool_result', id, content: '' };
}
