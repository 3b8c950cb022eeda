/** `npm run bench [name …]`: every figure that the product promises, measured here and now. */
import { benchComparison } from './comparison.ts';
import { benchLibrary } from './library.ts';
import { benchPrefix } from './prefix.ts';
import { benchPreview } from './preview.ts';
import { benchStreaming } from './streaming.ts';
import { benchTemplates } from './templates.ts';
import { benchDiff } from './versions.ts';

const benches: Readonly<Record<string, () => Promise<void>>> = {
  streaming: benchStreaming,
  prefix: benchPrefix,
  comparison: benchComparison,
  templates: benchTemplates,
  preview: benchPreview,
  diff: benchDiff,
  library: benchLibrary,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`There is no bench "${unknown[0]}"; there are ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
for (const [name, run] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n# ${name}`);
  await run();
}
