import type { Runtime } from '../../runtime/execution/runtime.ts';
import type { Value } from '../../runtime/values.ts';
import { isNothing, toNumber } from '../meaning/meaning.ts';
import { at, requireText } from './filter.ts';

const punctuation = /^(?:\(|<|&lt;)?(.*?)(?:\.|,|\)|\n|&gt;)?$/;
const mail = /^[\w.!#$%&'*+\-/=?^`{|}~]+@[a-z\d-]+(\.[a-z\d-]+)+$/i;
const web = /^https?:\/\/.*$/;
const domain = /\.(?:org|net|com)(?::|\/|$)/;
/** Longer words are never links, which bounds the cost of the patterns. */
const longestLink = 4096;

/** Nunjucks' `urlize`: makes links of the addresses in a text. */
export function urlize(runtime: Runtime, value: Value, args: readonly Value[]): Value {
  const text = requireText(runtime, 'urlize', value);
  runtime.look(32 * text.length);
  const wanted = at(args, 0);
  const length = isNothing(wanted) ? Number.POSITIVE_INFINITY : toNumber(runtime, wanted);
  const most = Number.isNaN(length) && typeof wanted === 'number' ? Number.POSITIVE_INFINITY : length;
  const nofollow = at(args, 1) === true ? ' rel="nofollow"' : '';
  let result = '';
  for (const word of text.split(/(\s+)/)) {
    result += word.length > longestLink ? word : linked(word, most, nofollow);
    runtime.spend(4);
    runtime.fits(result.length);
  }
  return result;
}

function linked(word: string, length: number, nofollow: string): string {
  const address = punctuation.exec(word)?.[1] ?? word;
  const shown = address.slice(0, Math.max(0, Math.trunc(length) || 0));
  if (web.test(address)) return `<a href="${address}"${nofollow}>${shown}</a>`;
  if (address.startsWith('www.')) return `<a href="http://${address}"${nofollow}>${shown}</a>`;
  if (mail.test(address)) return `<a href="mailto:${address}">${address}</a>`;
  if (domain.test(address)) return `<a href="http://${address}"${nofollow}>${shown}</a>`;
  return word;
}
