import type { InputDeclaration } from '../../contract/content.ts';
import { isPlaceholder } from '../../contract/message-texts.ts';
import { schemaOfInput } from '../dotprompt/write-inputs.ts';
import type { WrittenFile } from '../format.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { promptName } from '../text/names.ts';
import { isMapping } from '../text/read-yaml.ts';
import { reportLost } from '../write/report-lost.ts';
import { keptFrom, writeYaml } from '../write/written-yaml.ts';
import { writeTemplate } from './write-template.ts';

/** One YAML file with the template and its configuration; what was kept of one is written back. */
export function writeSemanticKernel(prompt: ImportedPrompt, losses: Losses): WrittenFile {
  const { content, name, title } = prompt;
  reportLost(prompt, ['title', 'description', 'model', 'parameters', 'response-schema'], losses);
  const {
    parameters,
    service,
    execution_settings: others,
    response_format: answer,
    template_format: _,
    input_variables: more,
    ...kept
  } = keptFrom(prompt, ['semantic-kernel']);
  const { format, template } = writeTemplate(prompt, losses);
  const { model, temperature, topP, maxTokens, stop, seed } = content.settings;
  const id = typeof service === 'string' ? service : 'default';
  const settings = defined({
    model_id: model === null || model === id ? undefined : model,
    ...{ max_tokens: maxTokens, temperature, top_p: topP, stop_sequences: stop, seed },
    response_format: content.responseSchema === null ? answer : writtenAnswer(content.responseSchema),
    ...(isMapping(parameters) && parameters),
  });
  const services = {
    ...((Object.keys(settings).length > 0 || id !== 'default') && { [id]: settings }),
    ...(isMapping(others) && others),
  };
  const placeholders = content.messages.flatMap((message) => (isPlaceholder(message) ? [message.placeholder] : []));
  const text = writeYaml({
    name: title !== '' && promptName(title) === name ? title : name,
    description: prompt.description === '' ? undefined : prompt.description,
    template_format: format,
    template,
    input_variables:
      content.inputs.length === 0
        ? undefined
        : content.inputs.map((input) => writtenVariable(input, placeholders, more)),
    execution_settings: Object.keys(services).length === 0 ? undefined : services,
    ...kept,
  });
  return { path: `${name}.yaml`, text };
}

function writtenVariable(input: InputDeclaration, placeholders: readonly string[], more: unknown) {
  const others = isMapping(more) ? more[input.name] : undefined;
  const { name, type, required, description, default: preset, schema } = input;
  // A text needs no schema, and what an object without one is, its use tells.
  const isPlain = type === 'string' || type === 'messages' || (type === 'object' && schema === undefined);
  return defined({
    name,
    description: description === '' ? undefined : description,
    default: preset,
    is_required: required && !placeholders.includes(name),
    json_schema: isPlain ? undefined : schemaOfInput(input),
    // Without it the tool takes tags of messages in a value for its own.
    allow_dangerously_set_content: type === 'object' ? true : undefined,
    ...(isMapping(others) && others),
  });
}

function writtenAnswer(schema: unknown) {
  return { type: 'json_schema', json_schema: { name: 'answer', schema } };
}

function defined(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
