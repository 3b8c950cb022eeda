import fc from 'fast-check';
import { normaliseContent } from '../../../content/hash-content.ts';
import type { PromptContent, PromptContentInput } from '../../../contract/content.ts';
import { roles } from '../../../contract/messages.ts';

const line = fc.constantFrom(
  '',
  'Be brief.',
  'Answer {{ question }}',
  'Say hello to {{ name }}',
  'Never guess.',
  'Use JSON.',
);
const message = fc.record({
  role: fc.constantFrom(...roles),
  content: fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n')),
});
const name = fc.constantFrom('tone', 'name', 'question', 'limit');
const value = fc.oneof(fc.constantFrom('a', 1, true, null), fc.constant({ a: [1, 2], b: { c: 'd' } }));
const input = fc.record(
  { name, type: fc.constantFrom('string' as const, 'number' as const), required: fc.boolean(), default: value },
  { requiredKeys: ['name', 'type'] },
);
const settings = fc.record(
  {
    model: fc.constantFrom(null, 'starter', 'openai/gpt-4o'),
    fallbacks: fc.subarray(['starter', 'local/tiny']),
    temperature: fc.constantFrom(0, 0.2, 1),
    stop: fc.subarray(['END', '\n']),
    seed: fc.constantFrom(1, 2),
  },
  { requiredKeys: [] },
);
const schema = fc.constantFrom(null, { type: 'object' }, { type: 'object', properties: { a: { type: 'string' } } });
const sample = fc.record({ name, inputs: fc.constantFrom({}, { tone: 'kind' }, { limit: 3 }) });

/** Small contents that resemble each other often, with repeated messages and names. */
export const contentArbitrary: fc.Arbitrary<PromptContent> = fc
  .record<PromptContentInput>({
    syntax: fc.constantFrom('jinja', 'liquid', 'nunjucks'),
    messages: fc.array(message, { minLength: 1, maxLength: 5 }),
    inputs: fc.array(input, { maxLength: 3 }),
    settings,
    tools: fc.array(fc.record({ name, description: fc.constantFrom('', 'Tells the time.') }), { maxLength: 2 }),
    responseSchema: schema,
    samples: fc.array(sample, { maxLength: 2 }),
  })
  .map(normaliseContent);

/** A content as a person would leave it after some edits of `base`. */
export function editedContent(base: PromptContent): fc.Arbitrary<PromptContent> {
  const edit = fc.oneof(
    fc.record({ kind: fc.constant('insert' as const), at: fc.nat(5), message }),
    fc.record({ kind: fc.constant('remove' as const), at: fc.nat(5) }),
    fc.record({ kind: fc.constant('move' as const), at: fc.nat(5), to: fc.nat(5) }),
    fc.record({ kind: fc.constant('append' as const), at: fc.nat(5), line: fc.string({ minLength: 1, maxLength: 8 }) }),
    fc.record({ kind: fc.constant('fields' as const), other: contentArbitrary, area: fc.nat(5) }),
  );
  return fc.array(edit, { maxLength: 3 }).map((edits) => {
    let content = base;
    for (const change of edits) {
      const { messages } = content;
      const at = 'at' in change ? change.at % messages.length : 0;
      if (change.kind === 'insert') content = { ...content, messages: messages.toSpliced(at, 0, change.message) };
      else if (change.kind === 'remove' && messages.length > 1)
        content = { ...content, messages: messages.toSpliced(at, 1) };
      else if (change.kind === 'move') {
        const rest = messages.toSpliced(at, 1);
        content = { ...content, messages: rest.toSpliced(change.to % messages.length, 0, messages[at]!) };
      } else if (change.kind === 'append') {
        const text = `${messages[at]!.content}\n${change.line}`;
        content = { ...content, messages: messages.with(at, { ...messages[at]!, content: text }) };
      } else if (change.kind === 'fields') {
        const area = (['syntax', 'settings', 'inputs', 'tools', 'responseSchema', 'samples'] as const)[change.area]!;
        content = { ...content, [area]: change.other[area] };
      }
    }
    return normaliseContent(content);
  });
}
