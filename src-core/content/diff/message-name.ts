import { isPlaceholder } from '../../contract/message-texts.ts';
import type { MessageTemplate } from '../../contract/messages.ts';

/** How a person would call a message: by its role, or as a placeholder by its name; numbered only when that occurs more than once. */
export function messageName(messages: readonly MessageTemplate[], index: number): string {
  const message = messages[index]!;
  const { role, placeholder } = message;
  const same = [...messages.keys()].filter(
    (i) => messages[i]!.role === role && messages[i]!.placeholder === placeholder,
  );
  const name = isPlaceholder(message) ? `placeholder \`${message.placeholder}\`` : `${message.role} message`;
  return same.length === 1 ? name : `${name} ${same.indexOf(index) + 1}`;
}
