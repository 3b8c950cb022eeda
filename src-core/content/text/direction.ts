/** Scripts that are written from right to left. */
const rightToLeft =
  /[[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}]&&\p{L}]/v;
const tag = /\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/g;

/** Whether any letter of a text is of a script that is written from right to left. */
export function hasRightToLeft(text: string): boolean {
  return rightToLeft.test(text);
}

/** Whether a line of a template runs from right to left: by its first letter outside of tags, whose names are mostly Latin. */
export function runsRightToLeft(line: string): boolean {
  if (!hasRightToLeft(line)) return false;
  const letter = /\p{L}/u.exec(line.replace(tag, ''));
  return letter !== null && rightToLeft.test(letter[0]);
}
