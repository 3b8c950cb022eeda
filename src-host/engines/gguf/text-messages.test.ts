import { expect, test } from 'vitest';
import { textMessages } from './text-messages.ts';

test.each(['', '  ', '{}'])('a call is written as JSON, also with the arguments %j', (args) => {
  const [message] = textMessages('starter', [
    { role: 'assistant', content: [{ type: 'tool_call', id: '', name: 'now', arguments: args }] },
  ]);
  const [, json = ''] = /^<tool_call>\n(.*)\n<\/tool_call>$/.exec(message?.content ?? '') ?? [];
  expect(JSON.parse(json)).toEqual({ name: 'now', arguments: {} });
});
