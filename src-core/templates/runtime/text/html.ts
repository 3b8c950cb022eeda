import type { Runtime } from '../execution/runtime.ts';

const replacements: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
};

const special = /[&<>'"]/;
/** How much longer each of them becomes, by its code. */
const growths: ReadonlyMap<number, number> = new Map(
  Object.entries(replacements).map(([character, text]) => [character.charCodeAt(0), text.length - 1]),
);

/** Text with the five characters that matter in HTML escaped, as MarkupSafe does. */
export function escapeHtml(runtime: Runtime, text: string): string {
  runtime.look(text.length);
  if (!special.test(text)) return text;
  let length = text.length;
  for (let at = 0; at < text.length; at += 1) length += growths.get(text.charCodeAt(at)) ?? 0;
  runtime.fits(length);
  // Each replacement takes as long as reading about a hundred characters.
  runtime.look(2 * text.length + 32 * (length - text.length));
  return text.replace(/[&<>'"]/g, (character) => replacements[character]!);
}
