import { checkContent } from '../src-core/content/check-content.ts';
import { renderContent } from '../src-core/content/render-content.ts';
import { contentSchema } from '../src-core/contract/content.ts';

const lineCount = 2_000;
const keystrokes = 60;
const goalMs = 50;

const line = (at: number) =>
  at % 4 === 0 ? `${at}. {{ name }} reads {{ documents[0].title | upper }}.` : `${at}. A line of plain text.`;
const content = contentSchema.parse({
  messages: [{ role: 'user', content: Array.from({ length: lineCount }, (_, at) => line(at)).join('\n') }],
  inputs: [
    { name: 'name', type: 'string' },
    { name: 'documents', type: 'object', schema: { type: 'array' } },
  ],
});
const values = { name: 'Ada', documents: [{ title: 'tea' }] };

/** What the window does after each key in a template of 2,000 lines: parse, check, render with source map. */
export async function benchPreview(): Promise<void> {
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let key = 0; key < keystrokes; key += 1) {
    // As typing does: another source each time, so that nothing comes out of a cache.
    const typed = {
      ...content,
      messages: content.messages.map((message) => ({ ...message, content: `${key} ${message.content}` })),
    };
    const start = performance.now();
    const used = process.cpuUsage();
    const problems = checkContent(typed);
    const { messages } = renderContent(typed, values);
    const spans = messages?.[0]?.sourceMap.length ?? 0;
    wall.push(performance.now() - start);
    cpu.push(process.cpuUsage(used).user / 1_000);
    if (problems.length > 0 || spans < lineCount / 4)
      throw new Error('The preview of the bench is not what it should be.');
  }
  report('wall clock', wall);
  report('processor ', cpu);
}

function report(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  console.log(
    `preview of ${lineCount} lines, ${what}: first ${(times[0] ?? 0).toFixed(1)} ms, median ${at(0.5)} ms, 95 % ${at(0.95)} ms (goal ${goalMs} ms)`,
  );
}
