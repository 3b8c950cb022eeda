import type { MessageTemplate } from '../../contract/messages.ts';

/** How a person would call a message: by its role, numbered only when the role occurs more than once. */
export function messageName(messages: readonly MessageTemplate[], index: number): string {
  const { role } = messages[index]!;
  const sameRole = [...messages.keys()].filter((i) => messages[i]!.role === role);
  return sameRole.length === 1 ? `${role} message` : `${role} message ${sameRole.indexOf(index) + 1}`;
}
