import type { Runtime } from './runtime.ts';

const replacements: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
};

/** Text with the five characters that matter in HTML escaped, as MarkupSafe does. */
export function escapeHtml(runtime: Runtime, text: string): string {
  runtime.look(text.length);
  const escaped = text.replace(/[&<>'"]/g, (character) => replacements[character]!);
  runtime.willMakeText(escaped.length);
  return escaped;
}
