/** The name that a pasted text gets: formats are told by content first, and by names second. */
export function pastedName(text: string): string {
  const trimmed = text.trimStart();
  // Also what begins like JSON and is broken: its error names the line. "[INST]" and "{{ name }}" begin prompts.
  if (/^(?:\{\s*["}]|\[\s*[[{"\d\]-])/.test(trimmed)) return isLines(trimmed) ? 'pasted.jsonl' : 'pasted.json';
  // Front matter stands above a prompt in words.
  if (/^---[ \t]*\r?\n[\s\S]*?\n---[ \t]*(?:\r?\n|$)/.test(trimmed)) return 'pasted.md';
  if (!isYaml(trimmed)) return 'pasted.txt';
  // Chats in YAML have this ending in several tools.
  return /^messages[ \t]*:/m.test(trimmed) ? 'pasted.prompt.yaml' : 'pasted.yaml';
}

/** JSON Lines: every line is an object of its own. */
function isLines(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 1 && lines.slice(0, 20).every((line) => /^\{.*\}\s*$/.test(line));
}

const key = /^(?:[\w.$-]+|"[^"\n]+"|'[^'\n]+')[ \t]*:(?:[ \t]|$)/;

/** A mapping or a list of mappings; a sentence with a colon in its first line is none, because its second line is no key. */
function isYaml(text: string): boolean {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^(?:#|---[ \t]*$|%YAML)/.test(line));
  const [first = ''] = lines;
  if (!key.test(first.replace(/^- /, ''))) return false;
  const top = lines.filter((line) => !/^[ \t-]/.test(line));
  return first.startsWith('- ') || (lines.length > 1 && top.every((line) => key.test(line)));
}
