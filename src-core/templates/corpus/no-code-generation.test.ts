import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('renders and validates where generating code from text is forbidden, as in the window', () => {
  const at = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const script = `
    import { readFileSync } from 'node:fs';
    const { parseTemplate, renderTemplate } = await import(${at('../engine.ts')});
    const { coerceInputs } = await import(${at('../../content/inputs/coerce-inputs.ts')});
    const rows = readFileSync(new URL(${at('./golden/prompts.jsonl')}), 'utf8').trim().split('\\n').map((line) => JSON.parse(line));
    const agreeing = rows.filter(({ template, vars, includes, expected }) => {
      if (includes !== undefined || expected === undefined) return true;
      return renderTemplate(parseTemplate(template).template, vars).output === expected;
    }).length;
    const liquid = renderTemplate(parseTemplate('{{ a | upcase }}', { syntax: 'liquid' }).template, { a: 'x' }).output;
    const nunjucks = renderTemplate(parseTemplate('{% for x in a %}{{ x | upper }}{% endfor %}', { syntax: 'nunjucks' }).template, { a: ['x'] }).output;
    const schema = { type: 'object', required: ['b'] };
    const { problems } = coerceInputs([{ name: 'o', type: 'object', required: true, description: '', schema }], { o: {} });
    let forbidden = '';
    try { new Function('return 1')(); } catch (thrown) { forbidden = thrown.name; }
    console.log(JSON.stringify({ agreeing: agreeing === rows.length, liquid, nunjucks, problem: problems[0].kind, forbidden }));
  `;
  const flags = ['--disallow-code-generation-from-strings', '--no-warnings', '--input-type=module', '--eval', script];
  const output = execFileSync(process.execPath, flags, { encoding: 'utf8', timeout: 20_000 });
  expect(JSON.parse(output)).toEqual({
    agreeing: true,
    liquid: 'X',
    nunjucks: 'X',
    problem: 'schema',
    forbidden: 'EvalError',
  });
});
