import { isPlaceholder } from '../../contract/message-texts.ts';
import type { MessageTemplate } from '../../contract/messages.ts';

/** How a person would call a message: by its role, numbered only when the role occurs more than once; a placeholder by its name. */
export function messageName(messages: readonly MessageTemplate[], index: number): string {
  const named = nounOf(messages[index]!);
  const same = [...messages.keys()].filter((i) => nounOf(messages[i]!) === named);
  return same.length === 1 ? named : `${named} ${same.indexOf(index) + 1}`;
}

function nounOf(message: MessageTemplate): string {
  return isPlaceholder(message) ? `placeholder \`${message.placeholder}\`` : `${message.role} message`;
}
