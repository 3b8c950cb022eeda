import type { Piece } from './escape-text.ts';
import { convertTemplate } from './escape-text.ts';
import type { InputNames } from './names.ts';

const segment = String.raw`[\p{L}_][\p{L}\p{M}\p{N}_-]*`;
const variable = new RegExp(String.raw`\{\{[ \t]*(${segment}(?:\.${segment})*)[ \t]*\}\}`, 'gu');

/**
 * The template of a tool that knows no more than `{{name}}` or says nothing of its templates: such variables, also with a
 * path as in `{{ user.name }}`, are inputs; every other brace is text.
 */
export function convertBraces(text: string, names: InputNames): string {
  return convertTemplate(text, variable, ([, path = '']): Piece => {
    const [head = '', ...rest] = path.split('.');
    return { jinja: `{{ ${names.legal(head)}${rest.map(access).join('')} }}` };
  });
}

/** Behind a dot, Jinja finds the methods of a dict before its members. */
const methods = /^(?:clear|copy|fromkeys|get|items|keys|pop|popitem|setdefault|update|values)$/;

function access(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) && !methods.test(key) ? `.${key}` : `["${key}"]`;
}
