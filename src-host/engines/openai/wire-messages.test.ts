import { describe, expect, test } from 'vitest';
import type { RenderedPart } from '../../../src-core/contract/messages.ts';
import type { ChatMessage, GenerateRequest } from '../../../src-core/ports.ts';
import { chatRequest } from './request/chat-request.ts';

const hash = 'ab'.repeat(32);
const blob = (mediaType: string) => new Map([[hash, { mediaType, bytes: new Uint8Array([1, 2, 3, 255]) }]]);
const bodyOf = (
  messages: readonly ChatMessage[],
  more: Partial<GenerateRequest> = {},
  refused: readonly string[] = [],
) => chatRequest('m', { messages, sampling: {}, ...more }, { neverSend: [], refused }).body;
const sent = (part: RenderedPart, mediaType = 'image/png') => {
  const [message] = bodyOf([{ role: 'user', content: [part, { type: 'text', text: 'Hi' }] }], {
    blobs: blob(mediaType),
  }).messages as unknown as readonly { readonly content: readonly unknown[] }[];
  return message?.content[0];
};

describe('a part is sent', () => {
  test.each<[RenderedPart, string, unknown]>([
    [
      { type: 'image', url: 'https://example.com/cat.png', detail: 'low' },
      'image/png',
      { type: 'image_url', image_url: { url: 'https://example.com/cat.png', detail: 'low' } },
    ],
    [
      { type: 'image', hash },
      'image/jpeg',
      { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,AQID/w==' } },
    ],
    [{ type: 'audio', hash }, 'audio/mpeg', { type: 'input_audio', input_audio: { data: 'AQID/w==', format: 'mp3' } }],
    [
      { type: 'audio', url: 'https://example.com/a.wav' },
      'audio/wav',
      { type: 'audio_url', audio_url: { url: 'https://example.com/a.wav' } },
    ],
    [
      { type: 'file', hash, name: 'a.pdf' },
      'application/pdf',
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AQID/w==' } },
    ],
    [
      { type: 'file', url: 'https://example.com/a.pdf', mediaType: 'application/pdf' },
      '',
      { type: 'file', file: { filename: 'file.pdf', file_data: 'https://example.com/a.pdf' } },
    ],
  ])('in the shape of OpenAI: %j', (part, mediaType, expected) => {
    expect(sent(part, mediaType)).toEqual(expected);
  });

  test('never as an empty file when its bytes are not there', () => {
    expect(() => bodyOf([{ role: 'user', content: [{ type: 'image', hash }] }])).toThrow(
      /did not come with the request/,
    );
  });
});

test('calls go beside the text of the assistant, and each result is a message of its own', () => {
  const messages: ChatMessage[] = [
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'I look.' },
        { type: 'tool_call', id: 'c1', name: 'look_up', arguments: '{"q":1}' },
        { type: 'tool_call', id: 'c2', name: 'look_up', arguments: '{"q":2}' },
      ],
    },
    {
      role: 'tool',
      content: [
        { type: 'tool_result', id: 'c1', content: 'one' },
        { type: 'tool_result', id: 'c2', name: 'look_up', content: 'two' },
      ],
    },
    { role: 'assistant', content: [{ type: 'tool_call', id: '', name: 'now', arguments: '{}' }] },
    { role: 'tool', content: [{ type: 'tool_result', id: '', content: 'noon' }] },
  ];
  const call = (id: string, name: string, args: string) => ({
    id,
    type: 'function',
    function: { name, arguments: args },
  });
  expect(bodyOf(messages).messages).toEqual([
    {
      role: 'assistant',
      content: 'I look.',
      tool_calls: [call('c1', 'look_up', '{"q":1}'), call('c2', 'look_up', '{"q":2}')],
    },
    { role: 'tool', tool_call_id: 'c1', content: 'one' },
    { role: 'tool', tool_call_id: 'c2', name: 'look_up', content: 'two' },
    { role: 'assistant', content: null, tool_calls: [call('call_1', 'now', '{}')] },
    { role: 'tool', tool_call_id: 'call_1', content: 'noon' },
  ]);
});

describe('ids of calls that were written without one', () => {
  const call = (id: string, name: string, args = '{}'): ChatMessage => ({
    role: 'assistant',
    content: [{ type: 'tool_call', id, name, arguments: args }],
  });
  const result = (id: string, name?: string): ChatMessage => ({
    role: 'tool',
    content: [{ type: 'tool_result', id, ...(name !== undefined && { name }), content: 'r' }],
  });
  const idsOf = (...messages: readonly ChatMessage[]) =>
    (
      bodyOf(messages).messages as unknown as readonly {
        readonly tool_call_id?: string;
        readonly tool_calls?: readonly { readonly id: string }[];
      }[]
    ).map(({ tool_call_id: answers, tool_calls: calls }) => answers ?? calls?.map(({ id }) => id).join());

  test('stand nowhere else in the conversation, before or after', () => {
    expect(
      idsOf(call('', 'b'), result('', 'b'), call('call_1', 'a'), result('call_1'), call('', 'c'), result('call_2')),
    ).toEqual(['call_3', 'call_3', 'call_1', 'call_1', 'call_4', 'call_2']);
  });

  test('are matched in order by results without an id, past calls that another result names', () => {
    expect(idsOf(call('x', 'a'), call('y', 'b'), call('', 'c'), result('', 'c'), result(''), result('y'))).toEqual([
      'x',
      'y',
      'call_1',
      'call_1',
      'x',
      'y',
    ]);
  });

  test.each<[string, readonly ChatMessage[], string]>([
    ['no call at all', [result('')], 'Message 1 has a tool result without an id, and no call before it'],
    ['one result too many', [call('', 'a'), result(''), result('')], 'Message 3 has a tool result'],
    ['a call that has its result by id', [call('x', 'a'), result('x'), result('')], 'Message 3 has a tool result'],
    ['a call that comes later', [result(''), call('', 'a')], 'Message 1 has a tool result'],
    ['a call of another name', [call('', 'a'), result('', 'b')], 'no call of "b" before it waits for a result'],
  ])('are refused with a sentence where a result has %s', (_, messages, sentence) => {
    expect(() => idsOf(...messages)).toThrow(sentence);
    expect(() => idsOf(...messages)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });

  test('go with arguments that are JSON, where none were written', () => {
    expect(bodyOf([call('c', 'now', ' ')]).messages).toMatchObject([
      { tool_calls: [{ function: { arguments: '{}' } }] },
    ]);
  });
});

test('a system message joins a user message that has an image, and calls keep their place', () => {
  const image = { type: 'image', url: 'https://example.com/cat.png' } as const;
  const messages: ChatMessage[] = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [image] },
    { role: 'assistant', content: [{ type: 'tool_call', id: 'c', name: 'x', arguments: '{}' }] },
    { role: 'tool', content: [{ type: 'tool_result', id: 'c', content: 'y' }] },
  ];
  expect(bodyOf(messages, {}, ['system:user']).messages).toMatchObject([
    { role: 'user', content: [{ type: 'text', text: 'Be brief.' }, { type: 'image_url' }] },
    { role: 'assistant', tool_calls: [{ id: 'c' }] },
    { role: 'tool', tool_call_id: 'c', content: 'y' },
  ]);
});

test('an endpoint that wants texts gets them where all parts are texts, and one that wants lists gets these', () => {
  const texts: ChatMessage[] = [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    },
    { role: 'user', content: 'c' },
  ];
  expect(bodyOf(texts, {}, ['content:=string']).messages).toEqual([
    { role: 'user', content: 'a\n\nb' },
    { role: 'user', content: 'c' },
  ]);
  expect(bodyOf(texts, {}, ['content:=list']).messages).toMatchObject([
    { content: [{ text: 'a' }, { text: 'b' }] },
    { content: [{ type: 'text', text: 'c' }] },
  ]);
  const image: ChatMessage[] = [{ role: 'user', content: [{ type: 'image', url: 'https://example.com/cat.png' }] }];
  expect(bodyOf(image, {}, ['content:=string']).messages).toMatchObject([{ content: [{ type: 'image_url' }] }]);
});

test('extra fields are added, never in place of ours, and never say which model is asked what', () => {
  const extra = {
    top_k: 40,
    temperature: 2,
    model: 'other',
    messages: [],
    stream: false,
    stream_options: {},
    thinking: { type: 'enabled' },
  };
  const body = bodyOf([{ role: 'user', content: 'Hi' }], { extra, sampling: { temperature: 0.2 } });
  expect(body).toEqual({
    model: 'm',
    messages: [{ role: 'user', content: 'Hi' }],
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0.2,
    top_k: 40,
    thinking: { type: 'enabled' },
  });
});
