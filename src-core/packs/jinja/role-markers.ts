import type { Role } from '../../contract/messages.ts';

const marker = /^[ \t]*(?:#[ \t]*)?(system|user|assistant|developer)(?:\[([^\]\n]*)\])?[ \t]*:[ \t]*$/i;
/** A role that a loop takes from its item, as in `{{ turn.role }}:`. */
const computedMarker = /^[ \t]*(?:#[ \t]*)?\{\{-?[^{}\n]*\}\}[ \t]*:[ \t]*$/;

export interface RoleMarker {
  readonly role: Role;
  /** Between brackets behind the role, as `name="Kim"`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What a line says when it is a role and nothing else. */
export function readMarker(line: string): RoleMarker | null {
  const found = marker.exec(line);
  if (found === null) return null;
  const attributes = (found[2] ?? '').matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^,\s]+))/g);
  return {
    role: found[1]!.toLowerCase() as Role,
    attributes: Object.fromEntries([...attributes].map(([, key, a, b, c]) => [key!, a ?? b ?? c ?? ''])),
  };
}

/** Whether a line opens a message, of a role that is written there or computed. */
export function opensMessage(line: string): boolean {
  return marker.test(line) || computedMarker.test(line);
}

/** The text with what would open a message printed by a tag, which opens none. */
export function withoutMarkers(text: string): string {
  return text
    .split('\n')
    .map((line) => (marker.test(line) ? `{{ ${JSON.stringify(line)} }}` : line))
    .join('\n');
}
