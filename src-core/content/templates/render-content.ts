import type { PromptContent } from '../../contract/content.ts';
import type { Role } from '../../contract/messages.ts';
import type { Json } from '../../contract/shared.ts';
import type { TemplateLoader } from '../../ports.ts';
import { parseTemplate, renderTemplate } from '../../templates/engine.ts';
import { defaultLimits, type Limits } from '../../templates/runtime/limits.ts';
import {
  type ParseResult,
  type Problem,
  type RenderOptions,
  type RenderResult,
  type SourceSpan,
  TemplateError,
} from '../../templates/runtime/types.ts';
import { coerceInputs } from '../inputs/coerce-inputs.ts';
import { type ContentProblem, inputProblem, templateProblem } from './content-problem.ts';
import { watchIncludes } from './foreign-includes.ts';

export interface RenderContentOptions {
  /** Finds included prompts. */
  readonly loader?: TemplateLoader;
  /** Any use of an undefined value is an error. */
  readonly strict?: boolean;
  /** Whether every message comes with its source map; true by default. */
  readonly sourceMap?: boolean;
}

export interface RenderedMessage {
  readonly role: Role;
  readonly text: string;
  /** Which stretch of `text` came from where; empty when it was not asked for. */
  readonly sourceMap: readonly SourceSpan[];
}

export interface RenderedContent {
  /** Null when any problem is an error: a prompt is rendered whole or not at all. */
  readonly messages: readonly RenderedMessage[] | null;
  readonly problems: readonly ContentProblem[];
  /** Names of the inputs that any message read. */
  readonly usedInputs: readonly string[];
}

/**
 * Renders a prompt: coerces the values to the declared types, then renders the messages one by one. The roles come
 * from the content alone, so no value can open a message. All problems of all inputs and messages are collected.
 */
export function renderContent(
  content: PromptContent,
  values: Readonly<Record<string, Json | undefined>>,
  options: RenderContentOptions = {},
): RenderedContent {
  const inputs = coerceInputs(content.inputs, values);
  const problems: ContentProblem[] = inputs.problems.map(inputProblem);
  const messages: RenderedMessage[] = [];
  const usedInputs = new Set<string>();
  const budget = createBudget();
  const includes = watchIncludes(options.loader, content.syntax);
  for (const [index, { role, content: source }] of content.messages.entries()) {
    const tooLong = budget.sourceProblem(source);
    if (tooLong !== null) {
      problems.push(templateProblem(tooLong, index));
      break;
    }
    const parsed = parseTemplate(source, { syntax: content.syntax });
    problems.push(...parsed.problems.map((problem) => templateProblem(problem, index)));
    // With an input missing or wrong, what rendering would say only repeats that.
    if (parsed.template === null || inputs.problems.length > 0) continue;
    const outcome = budget.spend((limits) =>
      tryRender(parsed.template!, inputs.values, {
        ...options,
        ...(includes.loader !== undefined && { loader: includes.loader }),
        limits,
      }),
    );
    problems.push(...includes.problems(parsed.template, index));
    if ('problem' in outcome) {
      problems.push(templateProblem(outcome.problem, index));
      continue;
    }
    for (const name of outcome.usedInputs) usedInputs.add(name);
    messages.push({ role, text: outcome.output, sourceMap: outcome.sourceMap });
  }
  const failed = problems.some((problem) => problem.severity === 'error');
  return { messages: failed ? null : messages, problems, usedInputs: [...usedInputs] };
}

function tryRender(
  template: NonNullable<ParseResult['template']>,
  values: Readonly<Record<string, Json>>,
  options: RenderOptions,
): RenderResult | { readonly problem: Problem } {
  try {
    return renderTemplate(template, values, options);
  } catch (thrown) {
    if (thrown instanceof TemplateError) return { problem: thrown.problem };
    throw thrown;
  }
}

/** All sources of a prompt, in characters: as much as a few of the longest templates. */
const sourceLimit = 4 * defaultLimits.source;

/** What a message may use of the time and the steps when those before it left nothing: enough for plain text with some inputs. */
const leastShare = 0.02;

/** What a whole prompt may use, so that two hundred costly messages cost no more than one. */
function createBudget() {
  let source = 0;
  let milliseconds = 0;
  let output = 0;
  return {
    /** Counts a message's source; the problem when the messages together are too long. */
    sourceProblem(text: string): Problem | null {
      source += text.length;
      if (source <= sourceLimit) return null;
      const message = `The messages of the prompt have more than ${sourceLimit} characters of source together.`;
      const start = { line: 1, column: 1 };
      return { severity: 'error', code: 'limit', message, template: null, start, end: start, limit: 'source' };
    },
    /** Renders with what the messages before have left. */
    spend<Outcome extends object>(render: (limits: Partial<Limits>) => Outcome): Outcome {
      const start = performance.now();
      const left = Math.max(leastShare, 1 - milliseconds / defaultLimits.milliseconds);
      const outcome = render({
        milliseconds: Math.ceil(left * defaultLimits.milliseconds),
        steps: Math.ceil(left * defaultLimits.steps),
        output: defaultLimits.output - output,
      });
      milliseconds += performance.now() - start;
      if ('output' in outcome && typeof outcome.output === 'string') output += outcome.output.length;
      return outcome;
    },
  };
}
