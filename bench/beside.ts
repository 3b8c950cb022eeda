/**
 * `npm run bench beside [commit] [bench …]`: the same benches on this tree and on an older commit, one after the other in
 * turns, so that both have the same machine; fails when a figure is more than 5 % worse.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { figuresOf, type Samples } from './beside/figures.ts';

/** The last commit before scope, feed and the new tables. */
const usualBase = '30004c0';
const benches = ['writes', 'library', 'cli', 'diff', 'comparison', 'compare-process', 'stalls-library', 'typing'];
/** Benches that use the client alone run on a commit that does not have them yet. */
const portable = ['writes'];
const rounds = Number(process.env.PROMPTDEV_BENCH_ROUNDS ?? 5);
const tolerated = 1.05;

/** `args` names a commit and benches; without any the usual ones. */
export async function benchBeside(args: readonly string[]): Promise<void> {
  const base = args.find((arg) => !isBench(arg)) ?? usualBase;
  const wanted = args.filter(isBench);
  const old = checkOut(base);
  try {
    for (const tree of [old, process.cwd()]) execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: tree });
    let worse = 0;
    for (const bench of wanted.length > 0 ? wanted : benches) worse += await compareBench(bench, old, base);
    console.log(`\n${worse === 0 ? 'No figure is' : `${worse} figures are`} more than 5 % worse than at ${base}.`);
    if (worse > 0) process.exitCode = 1;
  } finally {
    execFileSync('git', ['worktree', 'remove', '--force', old]);
  }
}

const isBench = (arg: string): boolean => existsSync(join(import.meta.dirname, `${fileOf(arg)}.ts`));
const fileOf = (bench: string): string => (bench === 'diff' ? 'versions' : bench);

/** The commit in a tree of its own, with the same packages. */
function checkOut(commit: string): string {
  const tree = join(process.cwd(), '.cache', `beside-${commit}`);
  mkdirSync(join(tree, '..'), { recursive: true });
  rmSync(tree, { recursive: true, force: true });
  execFileSync('git', ['worktree', 'prune']);
  execFileSync('git', ['worktree', 'add', '--quiet', '--detach', tree, commit]);
  execFileSync('cp', ['-al', 'node_modules', join(tree, 'node_modules')]);
  for (const bench of portable) {
    const file = join(tree, 'bench', `${bench}.ts`);
    if (!existsSync(file)) copyFileSync(join('bench', `${bench}.ts`), file);
  }
  return tree;
}

/** Prints each figure of both and their ratio; returns how many are worse. */
async function compareBench(bench: string, old: string, base: string): Promise<number> {
  console.log(`\n# ${bench}: ${base} | now | ratio of the medians | of the best (${rounds} rounds each, in turns)`);
  const [before, now]: [Samples, Samples] = [new Map(), new Map()];
  for (let round = 0; round < rounds; round += 1) {
    gather(before, await run(old, bench));
    gather(now, await run(process.cwd(), bench));
  }
  let worse = 0;
  for (const [name, figures] of now) {
    const others = before.get(name);
    if (others === undefined) continue;
    const [was, is] = [median(others), median(figures)];
    const [wasBest, isBest] = [Math.min(...others), Math.min(...figures)];
    const ratios = [is / was, isBest / wasBest];
    // Noise moves one of the two, a change moves both.
    const isWorse = ratios.every((ratio) => ratio > tolerated);
    if (isWorse) worse += 1;
    const [medians, bests] = ratios.map((ratio) => ratio.toFixed(2));
    console.log(`  ${name.padEnd(58)} ${shown(was)} ${shown(is)}  ${medians}  ${bests}${isWorse ? '  WORSE' : ''}`);
  }
  return worse;
}

const shown = (figure: number): string => figure.toFixed(2).padStart(9);

function gather(into: Samples, output: string): void {
  for (const { name, value } of figuresOf(output)) into.set(name, [...(into.get(name) ?? []), value]);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

async function run(tree: string, bench: string): Promise<string> {
  const args = portable.includes(bench) ? [`bench/${bench}.ts`] : ['bench/main.ts', bench];
  const child = spawn(process.execPath, args, { cwd: tree, stdio: ['ignore', 'pipe', 'pipe'] });
  const parts: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.stderr.on('data', (part: Buffer) => errors.push(part));
  const [code] = (await once(child, 'close')) as [number | null];
  const output = Buffer.concat(parts).toString();
  if (code !== 0)
    throw new Error(`The bench "${bench}" failed in ${tree}: ${Buffer.concat(errors).toString().slice(-2_000)}`);
  return output;
}
