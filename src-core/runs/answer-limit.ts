import { AppError, type ErrorData } from '../errors.ts';

/** Most that is kept of one answer: output, thoughts and arguments of tool calls together, in UTF-16 code units. */
export const answerLimit = 16_000_000;

/** Counts what comes of one answer against the limit. */
export interface AnswerLimit {
  /** The part of `text` that is still kept. */
  take(text: string): string;
  /** Throws once something had to be left out. */
  check(): void;
}

export function createAnswerLimit(limit: number = answerLimit): AnswerLimit {
  let left = limit;
  let isOver = false;
  return {
    take(text) {
      if (text.length <= left) {
        left -= text.length;
        return text;
      }
      isOver = true;
      const kept = text.slice(0, left);
      left = 0;
      return kept;
    },
    check() {
      if (!isOver) return;
      throw new AppError(
        'unavailable',
        `The answer grew beyond ${limit / 1_000_000} million characters, the most that PromptDev keeps of one; it was stopped there, and what had come is kept. Ask for less, or set a maximum of tokens.`,
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
