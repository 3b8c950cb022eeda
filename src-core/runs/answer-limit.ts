import { AppError, type ErrorData } from '../scope/errors.ts';

/**
 * Most that is kept of one answer, in UTF-16 code units. The first is for output, thoughts and arguments of tool calls
 * together: what a window is sent at once is to keep nobody waiting for more than a tenth of a second. Arguments stand in
 * one row, and no tool takes as much.
 */
const answerLimits = { all: 12_000_000, calls: 1_000_000 } as const;

/** Counts what comes of one answer against the limits. */
export interface AnswerLimit {
  /** The part of `text` that is still kept. */
  take(text: string): string;
  /** The same for arguments of tool calls. */
  takeCall(text: string): string;
  /** Throws once something had to be left out. */
  check(): void;
}

export function createAnswerLimit(limits: typeof answerLimits = answerLimits): AnswerLimit {
  const left = { all: limits.all, calls: limits.calls };
  let over: 'answer' | 'calls' | null = null;

  const take = (text: string): string => {
    const kept = text.length <= left.all ? text : text.slice(0, left.all);
    left.all -= kept.length;
    if (kept.length < text.length) over ??= 'answer';
    return kept;
  };

  return {
    take,
    takeCall(text) {
      const kept = take(text.slice(0, left.calls));
      left.calls -= kept.length;
      if (kept.length < text.length) over ??= 'calls';
      return kept;
    },
    check() {
      if (over === null) return;
      const [what, limit] =
        over === 'answer' ? ['The answer', limits.all] : ['What the answer gives to its tools', limits.calls];
      throw new AppError(
        'unavailable',
        `${what} grew beyond ${limit / 1_000_000} million characters, the most that PromptDev keeps; it was stopped there, and what had come is kept. Ask for less, or set a maximum of tokens.`,
        { reason: tooLong },
      );
    },
  };
}

const tooLong = 'answer too long';

/** Another model is not asked then: what this one said is there. */
export function isTooLong(error: ErrorData): boolean {
  return error.details?.reason === tooLong;
}
