import type { JsonObject } from '../../contract/shared.ts';
import { AppError } from '../../scope/errors.ts';
import type { ReadFile } from '../format.ts';
import type { ImportedPrompt, ImportedTest } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';
import { fileStem } from '../text/names.ts';
import { isMapping } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';
import { withReferences } from './config-value.ts';
import { keptTests, noteEnvironment, noteKeys } from './kept-config.ts';
import { messagesOf } from './prompt-messages.ts';
import { typePrompt } from './prompt-syntax.ts';
import { type Provider, providerFor, readProviders, settingsOf } from './providers.ts';
import { type RawPrompt, readRawPrompts } from './raw-prompts.ts';
import { createReferences } from './references.ts';
import { type ReadTests, readTests } from './test-rows.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** Tests that become samples of a prompt; the rest is a data set. */
const mostSamples = 10;

/** What prompts of one config share. */
export interface ConfigFacts {
  readonly source: Source;
  readonly description: string;
  readonly providers: readonly Provider[];
  readonly read: ReadTests;
  /** Keys without a home, by their names. */
  readonly kept: Mapping;
}

/** Reads a config with all the files that it names. */
export async function readConfig(source: Source, value: Mapping, losses: Losses): Promise<ReadFile> {
  const resolved = source.text.includes('$ref') ? withReferences(value, losses) : value;
  const config = withoutSecrets(resolved as Mapping, losses);
  const references = createReferences(source, losses);
  const kept = noteKeys(config, losses);
  noteEnvironment(JSON.stringify(config.providers ?? config.targets ?? ''), losses);
  const raws = await readRawPrompts(config.prompts, references, losses);
  const providers = await readProviders(
    config.providers ?? config.targets,
    references,
    losses,
    config.providers === undefined ? 'targets' : 'providers',
  );
  for (const { id, where } of providers.slice(1))
    losses.add(
      'kept',
      'models',
      id,
      `Several models are compared in ${where}; the prompt gets the first, all are kept.`,
    );
  const read = await readTests(config, references, losses);
  const facts = {
    source,
    description: typeof config.description === 'string' ? config.description.trim() : '',
    providers,
    read,
    kept: { ...kept, ...keptTests(config, read) },
  };
  return readPrompts(raws, facts, losses, warningsOf(config));
}

/** The prompts of a config or of results; one that cannot be a prompt is a loss. */
export function readPrompts(
  raws: readonly RawPrompt[],
  facts: ConfigFacts,
  losses: Losses,
  warnings: readonly string[],
): ReadFile {
  const prompts = raws.flatMap((raw) => {
    try {
      return [promptOf(raw, facts, losses)];
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      losses.add('dropped', 'prompt', raw.where, error.message);
      return [];
    }
  });
  const { tests, sharedAsserts } = facts.read;
  if (prompts.length === 0 && tests.length === 0)
    throw refusal(`${facts.source.path} has no prompt that can be imported${reasonOf(losses)}.`, {
      reason: 'no-prompts',
    });
  const isData =
    tests.length > 0 && raws.length > 0 && raws.every(({ text }) => /^\s*\{\{-?\s*\w+\s*-?\}\}\s*$/.test(text));
  return {
    prompts,
    tests,
    sharedAsserts,
    ...(isData && { data: rowsOf(tests) }),
    problems: [
      ...warnings.map((message) => ({ message })),
      ...(isData ? [{ message: 'Its prompts print a variable and nothing else: its tests are a data set.' }] : []),
    ],
  };
}

function reasonOf(losses: Losses): string {
  const isCode = losses.all().some(({ kind, what }) => kind === 'refused' && what === 'code');
  return isCode ? ': they are code, which is never run' : '';
}

function rowsOf(tests: readonly ImportedTest[]): NonNullable<ReadFile['data']> {
  const columns = [...new Set(tests.flatMap(({ inputs }) => Object.keys(inputs)))];
  return { columns, rows: tests.map(({ inputs }) => inputs), delimiter: null };
}

/** What an export of other evaluations left out. */
function warningsOf({ metadata }: Mapping): readonly string[] {
  const warnings = isMapping(metadata) ? metadata.warnings : undefined;
  return Array.isArray(warnings) ? warnings.filter((text) => typeof text === 'string') : [];
}

function promptOf(raw: RawPrompt, facts: ConfigFacts, losses: Losses): ImportedPrompt {
  const { description, source, read } = facts;
  noteEnvironment(raw.text, losses);
  const messages = messagesOf(raw, losses);
  const typed = typePrompt(messages, read.tests, raw.where, losses);
  const provider = providerFor(facts.providers, raw);
  const own = settingsOf(provider, raw.config, raw.where, losses);
  const base = (description.split('\n')[0]!.trim() || fileStem(source.path)).replace(/\s*\/\s*/g, '-').slice(0, 90);
  const { label, id } = raw;
  const names = new Set(typed.inputs.map(({ name }) => name));
  return toImportedPrompt(
    {
      name: label === null ? base : `${base}/${label.replace(/\s*\/\s*/g, '-').slice(0, 90)}`,
      title: raw.isLabelled ? label! : '',
      description,
      ...typed,
      settings: own.settings,
      tools: own.tools,
      responseSchema: own.responseSchema,
      samples: samplesOf(read.tests, names),
      kept: {
        // The prompt's own configuration became parameters.
        prompt:
          raw.isLabelled || id !== null ? { ...(raw.isLabelled && { label }), ...(id !== null && { id }) } : undefined,
        parameters: Object.keys(own.rest).length > 0 ? own.rest : undefined,
        provider: provider === null ? undefined : keptProvider(provider, own),
        providers: othersOf(facts.providers, provider),
        ...facts.kept,
      },
    },
    { format: 'promptfoo' },
    losses,
  );
}

function keptProvider({ id, label, config }: Provider, own: ReturnType<typeof settingsOf>): Mapping | undefined {
  const left = Object.entries(config).filter(([key]) => !own.consumed.includes(key));
  if (label === null && left.length === 0 && own.settings.model !== null && own.settings.model !== undefined)
    return undefined;
  return { id, ...(label !== null && { label }), config: Object.fromEntries(left) };
}

function othersOf(providers: readonly Provider[], own: Provider | null): readonly Mapping[] | undefined {
  const others = providers.filter((provider) => provider !== own);
  if (others.length === 0) return undefined;
  return others.map(({ id, label, config, prompts }) => ({
    id,
    ...(label !== null && { label }),
    ...(Object.keys(config).length > 0 && { config }),
    ...(prompts !== null && { prompts }),
  }));
}

function samplesOf(
  tests: readonly ImportedTest[],
  names: ReadonlySet<string>,
): readonly { readonly name: string; readonly inputs: JsonObject }[] {
  return tests.slice(0, mostSamples).flatMap(({ description, inputs }, index) => {
    const own = Object.entries(inputs).filter(([name]) => names.has(name));
    if (own.length === 0) return [];
    const name = description.trim().slice(0, 100) || `Row ${index + 1}`;
    return [{ name, inputs: Object.fromEntries(own) }];
  });
}
