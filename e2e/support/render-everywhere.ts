import { bombs } from '../../src-core/templates/corpus/bombs.ts';
import { loaderOf, runHostile, snapshotGlobals } from '../../src-core/templates/corpus/hostile.ts';
import { payloadInputs, payloads } from '../../src-core/templates/corpus/payloads.ts';
import { parseJsonInputs } from '../../src-core/templates/engine.ts';
import type { Inputs } from '../../src-core/templates/runtime/types.ts';

interface Row {
  readonly template: string;
  readonly inputs: Inputs;
  readonly includes: Readonly<Record<string, string>>;
  readonly syntax?: 'jinja' | 'liquid' | 'nunjucks';
}

export interface Answers {
  /** One per template, in their order. */
  readonly texts: readonly string[];
  /** Whether any built-in object of the runtime was changed. */
  readonly changedGlobals: boolean;
}

/** Every fourth bomb is enough to test the limits, in seconds instead of half a minute. */
const someBombs = bombs.filter((_, index) => index % 4 === 0);

/** Renders the golden rows (lines of JSON), all payloads and some bombs, in whatever runtime this is called. */
export function renderEverywhere(golden: readonly string[]): Answers {
  const rows: readonly Row[] = [
    ...golden.map((line) => {
      const { template, vars, includes = {} } = parseJsonInputs(line) as unknown as GoldenRow;
      return { template, inputs: vars, includes };
    }),
    ...payloads.map(({ template, includes = {} }) => ({ template, inputs: payloadInputs, includes })),
    ...someBombs.map(({ inputs = {}, includes = {}, ...bomb }) => ({ ...bomb, inputs, includes })),
  ];
  const before = snapshotGlobals().join();
  const texts = rows.map(answerOf);
  return { texts, changedGlobals: snapshotGlobals().join() !== before };
}

interface GoldenRow {
  readonly template: string;
  readonly vars: Inputs;
  readonly includes?: Readonly<Record<string, string>>;
}

/** The result of a template that exceeded the time limit, which happens more often on a slow machine. */
export const outOfTime = 'out of time';

function answerOf({ template, inputs, includes, syntax }: Row): string {
  const outcome = runHostile(template, inputs, { loader: loaderOf(includes), ...(syntax && { syntax }) });
  if (outcome.kind === 'output') return outcome.output;
  const { limit, message, start } = outcome.error.problem;
  if (limit === 'milliseconds') return outOfTime;
  return `${message} (${start.line}:${start.column})`;
}
