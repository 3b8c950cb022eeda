/** What a spreadsheet reads as the start of a formula, in every width that it understands. */
const formula = /^[=+\-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b]/;
/** What spreadsheets drop or look past: blanks, controls, invisible characters, and quotes. */
const leading = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800'"`\u2018-\u201f\uff02\uff07]+/u;
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * A text as a cell that no spreadsheet runs: one that it could take for a formula, or that begins with a tab or a line end,
 * which may be dropped, gets a quote in front. Numbers stay numbers.
 */
export function spreadsheetText(text: string): string {
  const visible = text.replace(leading, '');
  if (number.test(text)) return text;
  return formula.test(visible) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
}
