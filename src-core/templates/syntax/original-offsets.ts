/** From offsets in a text whose newlines were made one character to offsets in the text as it is. */
export function originalOffsets(source: string): (offset: number) => number {
  if (!source.includes('\r\n')) return (offset) => offset;
  const offsets: number[] = [];
  for (let at = 0; at < source.length; at += 1) {
    offsets.push(at);
    if (source[at] === '\r' && source[at + 1] === '\n') at += 1;
  }
  return (offset) => offsets[offset] ?? source.length;
}
