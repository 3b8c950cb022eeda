import nunjucks from 'nunjucks';
import { type Row, sharedInputs } from '../corpus/row.ts';

/** What real nunjucks renders without escaping, as promptfoo does; null for an error. */
export function renderedByNunjucks({ template, inputs, includes = {} }: Row): string | null {
  const loader = {
    getSource: (name: string) =>
      Object.hasOwn(includes, name) ? { src: includes[name] ?? '', path: name, noCache: true } : null,
  };
  const environment = new nunjucks.Environment([loader as never], { autoescape: false });
  try {
    const output: unknown = environment.renderString(template, structuredClone({ ...sharedInputs, ...inputs }));
    return output === null ? null : String(output);
  } catch {
    return null;
  }
}
