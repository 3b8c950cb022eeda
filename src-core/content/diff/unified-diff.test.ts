import { applyPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentArbitrary, editedContent } from '../../library/versions/testing/content-arbitrary.ts';
import { hashContent, normaliseContent } from '../hash-content.ts';
import { contentDocument } from './content-document.ts';
import { unifiedDiff, unifiedTextDiff } from './unified-diff.ts';

const labels = { before: 'greet@1', after: 'greet@2' };
const before = normaliseContent({
  messages: [
    { role: 'system', content: 'You are kind.\nBe brief.' },
    { role: 'user', content: 'Hello {{ name }}' },
  ],
  inputs: [{ name: 'name', type: 'string' }],
  settings: { temperature: 0.2 },
});

test('a content reads as its messages and whatever is set', () => {
  expect(contentDocument(before)).toBe(
    `=== system ===
You are kind.
Be brief.

=== user ===
Hello {{ name }}

=== settings ===
inputs:
  - description: ""
    name: name
    required: true
    type: string
temperature: 0.2
`,
  );
});

test('a unified diff of contents reads as every developer knows it', () => {
  const after = normaliseContent({
    ...before,
    messages: [{ role: 'system', content: 'You are kind.\nBe very brief.' }, before.messages[1]!],
    settings: { temperature: 0.7 },
  });
  expect(unifiedDiff(before, after, labels)).toBe(
    `--- greet@1
+++ greet@2
@@ -1,6 +1,6 @@
 === system ===
 You are kind.
-Be brief.
+Be very brief.
 
 === user ===
 Hello {{ name }}
@@ -11,4 +11,4 @@
     name: name
     required: true
     type: string
-temperature: 0.2
+temperature: 0.7
`,
  );
});

describe('for any two contents', () => {
  const pair = contentArbitrary.chain((one) =>
    fc.tuple(fc.constant(one), fc.oneof(editedContent(one), contentArbitrary)),
  );

  test('the diff is empty exactly when they mean the same', () => {
    fc.assert(
      fc.property(pair, ([one, other]) => {
        expect(unifiedDiff(one, other, labels) === '').toBe(hashContent(one) === hashContent(other));
      }),
      { numRuns: 300 },
    );
  });
});

describe('for any two texts', () => {
  const line = fc.constantFrom('a', 'b', 'c', '', '-x', '+y', '@@ -1 +1 @@', 'ü');
  const text = fc
    .tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom('', '\n'))
    .map(([lines, end]) => lines.join('\n') + end);

  test('applying the diff to the first gives the second', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const patch = unifiedTextDiff(one, other, labels);
        if (one === other) expect(patch).toBe('');
        else expect(applyPatch(one, patch, { autoConvertLineEndings: false })).toBe(other);
      }),
      { numRuns: 1_000 },
    );
  });
});
