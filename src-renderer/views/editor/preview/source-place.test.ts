import { expect, it } from 'vitest';
import { renderContent } from '../../../../src-core/content/templates/render-content.ts';
import { contentSchema } from '../../../../src-core/contract/content.ts';
import { packSpans } from '../../../live/preview/packed-spans.ts';
import { inputName, placeOfOutput } from './source-place.ts';

const source = "Hi {{ user.name }},\nread this:\n{% include 'tone' %}";
const content = contentSchema.parse({
  messages: [{ role: 'user', content: source }],
  inputs: [{ name: 'user', type: 'object' }],
});
const loader = { load: (name: string) => (name === 'tone' ? { source: 'Be calm.' } : null) };
const [rendered] = renderContent(content, { user: { name: 'Ada' } }, { loader }).messages ?? [];

it('leads from the output back to the template, also into literal text and included prompts', () => {
  if (rendered === undefined) throw new Error('The message was not rendered.');
  const message = { ...rendered, content: rendered.text, spans: packSpans(rendered.sourceMap) };
  expect(message.text).toBe('Hi Ada,\nread this:\nBe calm.');
  const at = (part: string) => placeOfOutput(message, message.text.indexOf(part));
  expect(at('Hi')).toEqual({ template: null, line: 1, column: 1 });
  expect(at('Ada')).toEqual({ template: null, line: 1, column: 7 });
  expect(at('da,')).toEqual({ template: null, line: 1, column: 7 });
  expect(at('this')).toEqual({ template: null, line: 2, column: 6 });
  expect(at('calm')).toEqual({ template: 'tone', line: 1, column: 4 });
});

it('tells the input of a path', () => {
  expect(['a', 'a.b', 'a[].b', null].map(inputName)).toEqual(['a', 'a', 'a', null]);
});
