import { decodeBase64 } from '../../blobs/base64.ts';
import type { GivenFile, ReadFileReport } from '../../contract/packs.ts';
import { AppError } from '../../scope/errors.ts';
import { createTurns } from '../../turns.ts';
import type { ImportedPrompt } from '../imported.ts';
import { memoryFolder } from '../memory-folder.ts';
import { bySureness, type Candidate, choicesAmong, detectFormats, readSource } from '../read-source.ts';
import { createSource, type Source, type SourceFile, type SourceFolder } from '../source.ts';
import { decodeSource, guessedEncoding } from '../source-bytes.ts';

/** What one file is, read. */
export interface ReadGiven {
  readonly report: ReadFileReport;
  readonly prompts: readonly ImportedPrompt[];
}

interface Given {
  readonly source: Source;
  readonly isGuess: boolean;
  readonly candidates: readonly Candidate[];
}

/**
 * Reads files that were given together, the surest first. What one of them names as a part of itself (a prompt of a
 * promptfoo configuration, a sample of a Prompty file) is no file of its own.
 */
export async function readGivenFiles(
  given: readonly GivenFile[],
  formats: Readonly<Record<string, string>>,
): Promise<readonly ReadGiven[]> {
  const turns = createTurns();
  const results = new Map<string, ReadGiven>();
  const files = new Map<string, SourceFile>();
  const guesses = new Set<string>();
  for (const { path, data } of given) {
    await turns();
    const bytes = decodeBase64(data);
    if (bytes === null) throw new AppError('invalid', `The data of ${path} is not base64.`);
    const decoded = await decodeSource(path, bytes).catch((error: unknown) => refusedOf(path, 'unknown', [], error));
    if ('report' in decoded) {
      results.set(path, decoded);
      continue;
    }
    files.set(path, decoded.file);
    if (decoded.isGuess) guesses.add(path);
  }
  const used = new Set<string>();
  const folder = watched(memoryFolder(files), used);
  const attached = new Set(given.filter((file) => file.attached).map(({ path }) => path));
  const sources: Given[] = [];
  for (const file of files.values()) {
    await turns();
    if (attached.has(file.path)) continue;
    const source = createSource(file, folder);
    sources.push({ source, isGuess: guesses.has(file.path), candidates: detectFormats(source) });
  }
  for (const each of sources.toSorted((a, b) => bySureness(a.candidates[0], b.candidates[0]))) {
    await turns();
    if (!used.has(each.source.path)) results.set(each.source.path, await readOne(each, formats[each.source.path]));
  }
  return given.flatMap(({ path }) => (!used.has(path) && results.get(path)) || []);
}

async function readOne({ source, isGuess, candidates }: Given, chosen: string | undefined): Promise<ReadGiven> {
  const choices = choicesAmong(candidates).map(({ id, format }) => ({ id, title: format.title }));
  try {
    const imported = await readSource(source, chosen, candidates);
    const { format, prompts, tests, data, problems } = imported;
    const losses = isGuess ? [guessedEncoding(source), ...imported.losses] : imported.losses;
    return {
      prompts,
      report: {
        ...{ path: source.path, format, choices, refusal: null, losses: [...losses], problems: [...problems] },
        ...{ prompts: prompts.length, tests: tests.length, rows: data?.rows.length ?? 0 },
      },
    };
  } catch (error) {
    return refusedOf(source.path, chosen ?? candidates[0]?.id ?? 'unknown', choices, error);
  }
}

/** Anything but a sentence of ours is a fault of the program and goes on. */
function refusedOf(path: string, format: string, choices: ReadFileReport['choices'], error: unknown): ReadGiven {
  if (!(error instanceof AppError)) throw error;
  const line = error.details?.line;
  const refusal = { message: error.message, ...(typeof line === 'number' && { line }) };
  const nothing = { losses: [], problems: [], prompts: 0, tests: 0, rows: 0 };
  return { prompts: [], report: { path, format, choices, refusal, ...nothing } };
}

/** Remembers which files others read. */
function watched(folder: SourceFolder, used: Set<string>): SourceFolder {
  return {
    async find(from, reference) {
      const found = await folder.find(from, reference);
      if (found.kind === 'file' && found.file.path !== from) used.add(found.file.path);
      return found;
    },
    match: folder.match,
  };
}
