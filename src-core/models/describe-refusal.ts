/** A stored refusal for people: `max_tokens → max_completion_tokens`, `top_p beside temperature`, `stop other than as a string`. */
export function describeRefusal(refusal: string): string {
  const [left = '', instead] = refusal.split(':');
  const [field = '', beside] = left.split('+');
  const name = field === 'system' ? 'role system' : field;
  if (instead === 'loose') return `${name} that is strict`;
  if (instead?.startsWith('=')) return `${name} other than as a ${instead.slice(1)}`;
  return `${name}${beside ? ` beside ${beside}` : ''}${instead ? ` → ${instead}` : ''}`;
}
