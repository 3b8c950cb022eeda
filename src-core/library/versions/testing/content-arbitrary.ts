import fc from 'fast-check';
import { normaliseContent } from '../../../content/hash-content.ts';
import type { PromptContent, PromptContentInput } from '../../../contract/content.ts';
import { isPlaceholder, textOf, withTemplates } from '../../../contract/message-texts.ts';
import { type MessageTemplate, roles } from '../../../contract/messages.ts';
import type { JsonObject } from '../../../contract/shared.ts';

const line = fc.constantFrom(
  '',
  'Be brief.',
  'Answer {{ question }}',
  'Say hello to {{ name }}',
  'Never guess.',
  'Use JSON.',
);
const text = fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n'));
const extra = fc.constantFrom<JsonObject | undefined>(undefined, {}, { cache: { type: 'ephemeral' } }, { cache: null });
const hash = fc.constantFrom('a'.repeat(64), '0f'.repeat(32));
const media = fc
  .record(
    {
      type: fc.constantFrom('image' as const, 'audio' as const, 'file' as const),
      mediaType: fc.constantFrom('image/png', 'application/pdf'),
      name: fc.constantFrom('cat.png', 'a "b".pdf'),
      detail: fc.constantFrom('low', 'high'),
      extra,
    },
    { requiredKeys: ['type'] },
  )
  .chain((part) =>
    fc.oneof(
      fc.constantFrom('https://example.com/cat.png', 'http://localhost/ö').map((url) => ({ ...part, url })),
      hash.map((value) => ({ ...part, hash: value })),
      fc.constantFrom('photo', 'name').map((input) => ({ ...part, input })),
    ),
  );
const call = fc.constantFrom('', 'call_1', 'call_2');
const part = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text, extra }, { requiredKeys: ['type', 'text'] }),
  media,
  fc.record(
    { type: fc.constant('tool_call' as const), id: call, name: fc.constantFrom('look_up'), arguments: text, extra },
    { requiredKeys: ['type', 'id', 'name', 'arguments'] },
  ),
  fc.record(
    { type: fc.constant('tool_result' as const), id: call, name: fc.constantFrom('look_up'), content: text, extra },
    { requiredKeys: ['type', 'id', 'content'] },
  ),
);
const textMessage = fc.record({ role: fc.constantFrom(...roles), content: text });
const message: fc.Arbitrary<MessageTemplate> = fc.oneof(
  { arbitrary: textMessage, weight: 6 },
  {
    arbitrary: fc.record(
      { role: fc.constantFrom(...roles), content: fc.oneof(text, fc.array(part, { maxLength: 4 })), extra },
      { requiredKeys: ['role', 'content'] },
    ),
    weight: 3,
  },
  {
    arbitrary: fc.record(
      { placeholder: fc.constantFrom('history', 'examples'), optional: fc.boolean(), extra },
      { requiredKeys: ['placeholder'] },
    ),
    weight: 1,
  },
);
const name = fc.constantFrom('tone', 'name', 'question', 'limit');
const value = fc.oneof(fc.constantFrom('a', 1, true, null), fc.constant({ a: [1, 2], b: { c: 'd' } }));
const input = fc.record(
  {
    name,
    type: fc.constantFrom('string' as const, 'number' as const, 'messages' as const),
    required: fc.boolean(),
    default: value,
  },
  { requiredKeys: ['name', 'type'] },
);
const settings = fc.record(
  {
    model: fc.constantFrom(null, 'starter', 'openai/gpt-4o'),
    fallbacks: fc.subarray(['starter', 'local/tiny']),
    temperature: fc.constantFrom(0, 0.2, 1),
    stop: fc.subarray(['END', '\n']),
    seed: fc.constantFrom(1, 2),
    extra,
  },
  { requiredKeys: [] },
);
const schema = fc.constantFrom(null, { type: 'object' }, { type: 'object', properties: { a: { type: 'string' } } });
const sample = fc.record({ name, inputs: fc.constantFrom({}, { tone: 'kind' }, { limit: 3 }) });
const fields = {
  syntax: fc.constantFrom('jinja' as const, 'liquid' as const, 'nunjucks' as const),
  inputs: fc.array(input, { maxLength: 3 }),
  settings,
  tools: fc.array(fc.record({ name, description: fc.constantFrom('', 'Tells the time.') }), { maxLength: 2 }),
  responseSchema: schema,
  samples: fc.array(sample, { maxLength: 2 }),
};

/** Small contents that resemble each other often, with repeated messages and names. */
export const contentArbitrary: fc.Arbitrary<PromptContent> = fc
  .record<PromptContentInput>({ ...fields, messages: fc.array(message, { minLength: 1, maxLength: 5 }), extra })
  .map(normaliseContent);

/** A content as a person would leave it after some edits of `base`. */
export function editedContent(base: PromptContent): fc.Arbitrary<PromptContent> {
  const edit = fc.oneof(
    fc.record({ kind: fc.constant('insert' as const), at: fc.nat(5), message }),
    fc.record({ kind: fc.constant('remove' as const), at: fc.nat(5) }),
    fc.record({ kind: fc.constant('move' as const), at: fc.nat(5), to: fc.nat(5) }),
    fc.record({ kind: fc.constant('append' as const), at: fc.nat(5), line: fc.string({ minLength: 1, maxLength: 8 }) }),
    fc.record({ kind: fc.constant('part' as const), at: fc.nat(5), part }),
    fc.record({ kind: fc.constant('fields' as const), other: contentArbitrary, area: fc.nat(6) }),
  );
  return fc.array(edit, { maxLength: 3 }).map((edits) => {
    let content = base;
    for (const change of edits) {
      const { messages } = content;
      const at = 'at' in change ? change.at % messages.length : 0;
      const edited = messages[at]!;
      if (change.kind === 'insert') content = { ...content, messages: messages.toSpliced(at, 0, change.message) };
      else if (change.kind === 'remove' && messages.length > 1)
        content = { ...content, messages: messages.toSpliced(at, 1) };
      else if (change.kind === 'move') {
        const rest = messages.toSpliced(at, 1);
        content = { ...content, messages: rest.toSpliced(change.to % messages.length, 0, edited) };
      } else if (change.kind === 'append') {
        const longer = withTemplates(edited, (before) => `${before}\n${change.line}`);
        content = { ...content, messages: messages.with(at, longer) };
      } else if (change.kind === 'part' && !isPlaceholder(edited)) {
        const parts =
          typeof edited.content === 'string' ? [{ type: 'text' as const, text: textOf(edited) }] : edited.content;
        content = { ...content, messages: messages.with(at, { ...edited, content: [...parts, change.part] }) };
      } else if (change.kind === 'fields') {
        const areas = ['syntax', 'settings', 'inputs', 'tools', 'responseSchema', 'samples', 'extra'] as const;
        const area = areas[change.area]!;
        content = { ...content, [area]: change.other[area] };
      }
    }
    return normaliseContent(content);
  });
}

/** A content as format 1 had it: every message is one text, and nothing is extra. */
export const plainContentArbitrary: fc.Arbitrary<PromptContentInput> = fc.record({
  ...fields,
  settings: settings.map(({ extra: _, ...rest }) => rest),
  inputs: fc.array(
    input.filter(({ type }) => type !== 'messages'),
    { maxLength: 3 },
  ),
  messages: fc.array(textMessage, { minLength: 1, maxLength: 5 }),
});
