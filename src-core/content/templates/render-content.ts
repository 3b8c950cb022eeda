import type { PromptContent } from '../../contract/content.ts';
import {
  inputsBeside,
  isMedia,
  isPlaceholder,
  templatesOf,
  textOfPart,
  withTextOf,
} from '../../contract/message-texts.ts';
import type { RenderedPart } from '../../contract/messages.ts';
import type { Json } from '../../contract/shared.ts';
import type { TemplateLoader } from '../../ports.ts';
import { parseTemplate, renderTemplate } from '../../templates/engine.ts';
import { defaultLimits, type Limits } from '../../templates/runtime/limits.ts';
import {
  type ParseResult,
  type Problem,
  type RenderOptions,
  type RenderResult,
  TemplateError,
} from '../../templates/runtime/types.ts';
import { coerceInputs } from '../inputs/coerce-inputs.ts';
import { type ContentProblem, inputProblem, templateProblem } from './content-problem.ts';
import { fillMedia, fillPlaceholder } from './fill-parts.ts';
import { watchIncludes } from './foreign-includes.ts';
import { partProblems } from './part-problems.ts';
import { type RenderedMessage, renderedMessage } from './rendered-message.ts';

export interface RenderContentOptions {
  /** Finds included prompts. */
  readonly loader?: TemplateLoader;
  /** Any use of an undefined value is an error. */
  readonly strict?: boolean;
  /** Whether every message comes with its source map; true by default. */
  readonly sourceMap?: boolean;
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
 * from the content, or from an input that is a list of messages, so no text can open a message. All problems of all
 * inputs and messages are collected.
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
  // With an input missing or wrong, what rendering would say only repeats that.
  const hasValues = inputs.problems.length === 0;

  /** Null when the text could not be rendered, or was not to be. */
  const renderText = (source: string, index: number, part?: number): RenderResult | null => {
    const parsed = parseTemplate(source, { syntax: content.syntax });
    problems.push(...parsed.problems.map((problem) => templateProblem(problem, index, part)));
    if (parsed.template === null || !hasValues) return null;
    const outcome = budget.spend((limits) =>
      tryRender(parsed.template!, inputs.values, {
        ...options,
        ...(includes.loader !== undefined && { loader: includes.loader }),
        limits,
      }),
    );
    problems.push(...includes.problems(parsed.template, index, part));
    if ('problem' in outcome) {
      problems.push(templateProblem(outcome.problem, index, part));
      return null;
    }
    for (const name of outcome.usedInputs) usedInputs.add(name);
    return outcome;
  };

  for (const [index, message] of content.messages.entries()) {
    const tooLong = budget.sourceProblem(templatesOf(message).map(({ text }) => text));
    if (tooLong !== null) {
      problems.push(templateProblem(tooLong, index));
      break;
    }
    const faults = partProblems(message, index, content.inputs);
    problems.push(...faults);
    for (const name of inputsBeside(message)) usedInputs.add(name);
    if (isPlaceholder(message)) {
      if (!hasValues || faults.length > 0) continue;
      const filled = fillPlaceholder(message, index, content.inputs, inputs.values);
      if ('problem' in filled) problems.push(filled.problem);
      else messages.push(...filled.value);
    } else if (typeof message.content === 'string') {
      const outcome = renderText(message.content, index);
      if (outcome !== null)
        messages.push({ ...renderedMessage(message.role, index, outcome.output), sourceMap: outcome.sourceMap });
    } else {
      const parts = message.content.flatMap((part, at): readonly RenderedPart[] => {
        if (isMedia(part)) {
          if (!hasValues || faults.length > 0) return [];
          const filled = fillMedia(part, content.inputs, inputs.values);
          if ('problem' in filled) problems.push({ ...filled.problem, messageIndex: index, part: at });
          return 'value' in filled && filled.value !== null ? [filled.value] : [];
        }
        const { extra: _, ...plain } = part;
        return [withTextOf(plain, renderText(textOfPart(part) ?? '', index, at)?.output ?? '')];
      });
      messages.push(renderedMessage(message.role, index, parts));
    }
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
    /** Counts a message's sources; the problem when the messages together are too long. */
    sourceProblem(texts: readonly string[]): Problem | null {
      for (const text of texts) source += text.length;
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
