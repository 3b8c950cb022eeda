import type { RenderedPart, Role } from '../../../src-core/contract/messages.ts';
import type { ChatMessage } from '../../../src-core/ports.ts';
import { AppError } from '../../../src-core/scope/errors.ts';

/** A message as a chat template reads it. */
export interface TextMessage {
  readonly role: Role;
  readonly content: string;
}

/** The messages as text: calls in the form that most local models were trained on, results as they are. Throws `invalid` for what is no text. */
export function textMessages(model: string, messages: readonly ChatMessage[]): readonly TextMessage[] {
  return messages.map(({ role, content }) => ({
    role,
    content: typeof content === 'string' ? content : content.map((part) => textOf(model, role, part)).join('\n'),
  }));
}

function textOf(model: string, role: Role, part: RenderedPart): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'tool_call':
      return `<tool_call>\n${JSON.stringify({ name: part.name }).slice(0, -1)}, "arguments": ${part.arguments.trim() || '{}'}}\n</tool_call>`;
    case 'tool_result':
      return part.content;
    default: {
      const thing = { image: 'an image', audio: 'audio', file: 'a file' }[part.type];
      throw new AppError(
        'invalid',
        `${model} takes text only; a message of the role ${role} has ${thing}: take it out, or choose a remote model that takes it.`,
        { model, part: part.type },
      );
    }
  }
}
