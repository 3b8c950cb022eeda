/**
 * `npm run bench [name …]`: every figure that the product promises, measured here and now; `npm run bench beside [commit]`
 * measures them beside those of another commit.
 */
// Each bench is loaded on its own, so that it does not count the memory of another's libraries.
const benches: Readonly<Record<string, () => Promise<() => Promise<void>>>> = {
  streaming: async () => (await import('./streaming.ts')).benchStreaming,
  prefix: async () => (await import('./prefix.ts')).benchPrefix,
  comparison: async () => (await import('./comparison.ts')).benchComparison,
  'compare-process': async () => (await import('./compare-process.ts')).benchCompareProcess,
  stalls: async () => (await import('./stalls.ts')).benchStalls,
  templates: async () => (await import('./templates.ts')).benchTemplates,
  preview: async () => (await import('./preview.ts')).benchPreview,
  typing: async () => (await import('./typing.ts')).benchTyping,
  diff: async () => (await import('./versions.ts')).benchDiff,
  offers: async () => (await import('./offers.ts')).benchOffers,
  writes: async () => (await import('./writes.ts')).benchWrites,
  library: async () => (await import('./library.ts')).benchLibrary,
  cli: async () => (await import('./cli.ts')).benchCli,
  'stalls-library': async () => (await import('./stalls-library.ts')).benchLibraryStalls,
  kills: async () => (await import('./kills.ts')).benchKills,
};

/** Minutes each, so only those who name them run them. */
const onRequest = ['kills'];

const wanted = process.argv.slice(2);
if (wanted[0] === 'beside') {
  await (await import('./beside.ts')).benchBeside(wanted.slice(1));
  process.exit();
}
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`There is no bench "${unknown[0]}"; there are ${[...Object.keys(benches), 'beside'].join(', ')}.`);
  process.exit(2);
}
for (const [name, load] of Object.entries(benches)) {
  if (wanted.length > 0 ? !wanted.includes(name) : onRequest.includes(name)) continue;
  console.log(`\n# ${name}`);
  const run = await load();
  await run();
}

export {};
