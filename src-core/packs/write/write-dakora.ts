import type { InputDeclaration } from '../../contract/content.ts';
import type { WrittenFile } from '../format.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';
import { reportLost } from './report-lost.ts';
import { toSingleText } from './single-text.ts';
import { formatOf, keptFrom, writeYaml } from './written-yaml.ts';

const types = ['string', 'number', 'boolean', 'array<string>', 'object'];

/** A template of Dakora, or a part where it was read from one. */
export function writeDakora(prompt: ImportedPrompt, losses: Losses): WrittenFile {
  const { content } = prompt;
  const isPart = formatOf(prompt) === 'dakora-part';
  const [first] = content.messages;
  if (content.messages.length === 1 && first?.role !== undefined && first.role !== 'user')
    losses.add('approximated', 'role', first.role, 'A template of Dakora has no role; it is read as a user message.');
  if (content.syntax !== 'jinja')
    losses.add('approximated', 'syntax', content.syntax, 'Dakora reads Jinja; the template is written as it stands.');
  reportLost(prompt, ['title', 'description', 'tags'], losses);
  const text = toSingleText(prompt, losses);
  const {
    id,
    part_id: partId,
    category,
    version,
    metadata,
    inputs: moreOfInputs,
    ...kept
  } = keptFrom(prompt, [...['dakora', 'dakora-part']]);
  const inputs = Object.fromEntries(
    content.inputs.flatMap((input) => {
      const written = writeInput(input, isMapping(moreOfInputs) ? moreOfInputs[input.name] : undefined, losses);
      return written === null ? [] : [[input.name, written]];
    }),
  );
  // Names that are illegal here were kept whole.
  const unread = isMapping(moreOfInputs)
    ? Object.entries(moreOfInputs).filter(([name]) => !Object.hasOwn(inputs, name))
    : [];
  const all = { ...inputs, ...Object.fromEntries(unread) };
  const plain = content.inputs.every(isInferred) && unread.length === 0;
  const tagged = { ...(prompt.tags.length > 0 && { tags: prompt.tags }), ...(isMapping(metadata) && metadata) };
  // One line break at the end is taken away by the reader.
  const template = text.endsWith('\n') ? `${text}\n` : text;
  const [stem = prompt.name] = prompt.name.split('/').slice(-1);
  const folder = prompt.name.split('/').slice(0, -1).join('/');
  const common = {
    name: prompt.title === '' ? undefined : prompt.title,
    description: prompt.description === '' ? undefined : prompt.description,
  };
  const rest = {
    metadata: Object.keys(tagged).length > 0 ? tagged : isMapping(metadata) ? undefined : metadata,
    ...kept,
  };
  const values = isPart
    ? {
        part_id: partId ?? stem,
        category: category ?? (folder === '' ? undefined : folder),
        ...common,
        version,
        content: template,
        inputs: plain ? undefined : all,
        ...rest,
      }
    : {
        id: id ?? prompt.name,
        version: version ?? '1.0.0',
        ...common,
        template,
        inputs: Object.keys(all).length > 0 ? all : undefined,
        ...rest,
      };
  return { path: `${prompt.name}.yaml`, text: writeYaml(values) };
}

function writeInput(input: InputDeclaration, more: unknown, losses: Losses) {
  const { name, type, required, default: preset, description, values, schema } = input;
  if (type === 'messages') {
    losses.add('dropped', 'input', name, 'Dakora has no inputs that are messages.');
    return null;
  }
  if (!types.includes(type))
    losses.add('approximated', 'input-type', name, `Dakora has no type "${type}"; it is text there.`);
  if (values !== undefined && values.length > 0)
    losses.add('dropped', 'values', name, 'Dakora has no lists of allowed values.');
  if (schema !== undefined) losses.add('dropped', 'input-schema', name, 'Dakora has no schemas of inputs.');
  return {
    type: types.includes(type) ? type : 'string',
    required,
    ...(preset !== undefined && { default: preset }),
    ...(description !== '' && { description }),
    ...(isMapping(more) && more),
  };
}

/** What a reader finds by itself in a template. */
function isInferred({ type, required, default: preset, description, schema }: InputDeclaration): boolean {
  const isPlain = required && preset === undefined && description === '' && schema === undefined;
  return isPlain && (type === 'string' || type === 'object');
}
