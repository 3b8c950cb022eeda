import type { PromptContent } from '../../contract/content.ts';
import { templatesOf } from '../../contract/message-texts.ts';
import type { TemplateLoader } from '../../ports.ts';
import { parseTemplate } from '../../templates/engine.ts';
import { inputsOf } from '../../templates/template-inputs.ts';

/** The included prompts, at any depth, that read an input of that name; in the order in which they are included. */
export function includedReaders(content: PromptContent, input: string, loader: TemplateLoader): readonly string[] {
  const names = content.messages.flatMap(templatesOf).flatMap(({ text }) => {
    const { template } = parseTemplate(text, { syntax: content.syntax });
    const uses = template === null ? [] : inputsOf(template, loader);
    return uses.filter(({ name }) => name === input).flatMap(({ paths }) => paths.map((path) => path.template));
  });
  return [...new Set(names.filter((name) => name !== null))];
}
