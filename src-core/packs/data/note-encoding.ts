import type { Losses } from '../losses.ts';
import type { SourceFile } from '../source.ts';

/** Says that a file of data was in an encoding that nothing but statistics tells. */
export function noteEncoding({ encoding }: SourceFile, losses: Losses): void {
  if (/^(?:utf-?(?:8|16|32)(?:le|be)?(?:-bom)?|us-ascii|ascii)$/i.test(encoding)) return;
  const why = `It is not UTF-8 and was read as ${encoding}; look at its letters before you import it.`;
  losses.add('approximated', 'encoding', '', why);
}
