import type { MessageTemplateInput, Role } from '../../contract/messages.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import { parseTemplate, renderTemplate, TemplateError } from '../../templates/engine.ts';
import { createLosses } from '../losses.ts';
import { refusal } from '../refusal.ts';
import { escapeText } from '../text/escape-text.ts';
import { createInputNames } from '../text/names.ts';
import { nestsDeeper } from '../text/nesting.ts';
import { isMapping, readYaml } from '../text/read-yaml.ts';
import { type Context, fileText } from './context.ts';
import { type Constructed, constructedOf } from './manifest.ts';

export interface ExampleMessage {
  readonly role: Role;
  /** Jinja that prints the example as it is. */
  readonly text: string;
}

/** Examples that are written out. */
const mostExamples = 500;

type ReadMessages = (prompt: Constructed, context: Context) => Promise<readonly MessageTemplateInput[]>;

/** The examples of a prompt, each put into the template for examples; a selector of examples is code, and refused. */
export async function expandExamples(
  kwargs: JsonObject,
  context: Context,
  messagesOf: ReadMessages,
): Promise<readonly (readonly ExampleMessage[])[]> {
  const { source, losses } = context;
  if (kwargs.example_selector !== undefined && kwargs.example_selector !== null)
    losses.add('refused', 'code', 'example_selector', 'Code chooses the examples, and code never runs here.');
  const examples = await listOf(kwargs.examples, context);
  if (examples.length === 0) return [];
  const given =
    typeof kwargs.example_prompt_path === 'string'
      ? parsed(kwargs.example_prompt_path, await fileText(kwargs.example_prompt_path, source))
      : kwargs.example_prompt;
  const prompt = constructedOf(given);
  if (prompt === null)
    throw refusal(`${source.path} has examples and no "example_prompt" that says how to write them.`, {
      reason: 'no-example-prompt',
    });
  const names = createInputNames(createLosses());
  const templates = await messagesOf(prompt, { ...context, names, shown: new Map() });
  const partial = isMapping(prompt.kwargs.partial_variables) ? (prompt.kwargs.partial_variables as JsonObject) : {};
  if (examples.length > mostExamples)
    losses.add(
      'dropped',
      'examples',
      'examples',
      `There are ${examples.length} examples; the first ${mostExamples} are taken.`,
    );
  return examples.slice(0, mostExamples).map((example, index) => {
    const values = Object.fromEntries(
      Object.entries({ ...partial, ...example }).map(([key, value]) => [names.legal(key), value]),
    );
    return templates.flatMap((message): readonly ExampleMessage[] => {
      if (message.role === undefined || typeof message.content !== 'string') return [];
      const text = printed(message.content, values);
      if (text === null) {
        losses.add('dropped', 'example', `examples[${index}]`, 'It cannot be put into the template for examples.');
        return [];
      }
      return [{ role: message.role, text: escapeText(text) }];
    });
  });
}

async function listOf(examples: Json | undefined, { source }: Context): Promise<readonly JsonObject[]> {
  const list = typeof examples === 'string' ? parsed(examples, await fileText(examples, source)) : examples;
  return Array.isArray(list) ? list.filter((each): each is JsonObject => isMapping(each)) : [];
}

function parsed(path: string, text: string): unknown {
  const yaml = readYaml(text);
  const value = 'problem' in yaml ? null : yaml.value;
  if ('problem' in yaml || nestsDeeper(value))
    throw refusal(`"${path}" is neither YAML nor JSON.`, { reason: 'yaml', line: 'problem' in yaml ? yaml.line : 1 });
  return JSON.parse(JSON.stringify(value ?? null));
}

function printed(template: string, values: JsonObject): string | null {
  const { template: ready } = parseTemplate(template);
  if (ready === null) return null;
  try {
    return renderTemplate(ready, values, { sourceMap: false }).output;
  } catch (error) {
    if (error instanceof TemplateError) return null;
    throw error;
  }
}
