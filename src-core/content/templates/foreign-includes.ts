import type { Syntax } from '../../contract/content.ts';
import type { TemplateLoader } from '../../ports.ts';
import { analysisOf } from '../../templates/engine.ts';
import { createLocator } from '../../templates/runtime/diagnostics.ts';
import type { Template } from '../../templates/runtime/types.ts';
import type { ContentProblem } from './content-problem.ts';

export const syntaxTitles: Readonly<Record<Syntax, string>> = {
  jinja: 'Jinja',
  liquid: 'Liquid',
  nunjucks: 'Nunjucks',
};

/**
 * Notices included prompts that are written in another syntax than the prompt that includes them. They are read in its syntax:
 * what it includes shares its variables, its blocks and its limits, whose values mean something else in each language.
 */
export function watchIncludes(loader: TemplateLoader | undefined, syntax: Syntax) {
  const foreign = new Map<string, Syntax>();
  return {
    loader:
      loader === undefined
        ? undefined
        : {
            load(name: string) {
              const found = loader.load(name);
              // Without a tag a text is the same in every syntax.
              if (found?.syntax !== undefined && found.syntax !== syntax && /\{[{%#]/.test(found.source))
                foreign.set(name, found.syntax);
              return found;
            },
          },
    /** What was noticed since the last time, as problems of the message that was read. */
    problems(template: Template | null, messageIndex: number, part?: number): readonly ContentProblem[] {
      const problems = [...foreign].map(([name, other]) =>
        foreignProblem(name, other, syntax, template, { messageIndex, part }),
      );
      foreign.clear();
      return problems;
    },
  };
}

function foreignProblem(
  name: string,
  other: Syntax,
  syntax: Syntax,
  template: Template | null,
  { messageIndex, part }: Pick<ContentProblem, 'messageIndex' | 'part'>,
): ContentProblem {
  const place = template === null ? null : placeOf(name, template);
  return {
    severity: 'warning',
    code: 'include',
    message: `The included "${name.slice(0, 200)}" is written in ${syntaxTitles[other]}, but is read as ${syntaxTitles[syntax]} here.`,
    hint: 'Give both prompts the same syntax.',
    messageIndex,
    ...(part !== undefined && { part }),
    input: null,
    template: null,
    start: place?.start ?? { line: 1, column: 1 },
    end: place?.end ?? { line: 1, column: 1 },
  };
}

/** Where a template names another; null where only one of its includes does. */
function placeOf(name: string, template: Template) {
  const { analysis, text } = analysisOf(template);
  const reference = analysis.references.named.find((named) => named.name === name);
  if (reference === undefined) return null;
  const locator = createLocator(text);
  return { start: locator.position(reference.start), end: locator.position(reference.end) };
}
