import type { editor } from 'monaco-editor/editor/editor.api.js';
import type { ProblemFix } from '../../../src-core/content/templates/content-problem.ts';
import type { Knowledge } from '../../../src-core/templates/assist/knowledge.ts';

/** A prompt that can be included. */
export interface FoundPrompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What a template gets when it includes it. */
  readonly read: () => Promise<string | null>;
}

/** The prompt that a text belongs to, as far as the text's editor needs it. */
export interface TemplateScope {
  readonly knowledge: Knowledge;
  /** Prompts that can be included, by a part of their names. */
  readonly findPrompts: (words: string) => Promise<readonly FoundPrompt[]>;
  /** What a template gets when it includes that name; null when there is no such prompt. */
  readonly readPrompt: (name: string) => Promise<string | null>;
  readonly openPrompt: (name: string) => void;
  /** Gives an input another name everywhere in the prompt. Throws when that cannot be. */
  readonly renameInput: (from: string, to: string) => void;
  readonly applyFix: (fix: ProblemFix) => void;
}

const scopes = new WeakMap<editor.ITextModel, () => TemplateScope>();

/** Says which prompt a text belongs to. */
export function setScope(model: editor.ITextModel, scope: () => TemplateScope): void {
  scopes.set(model, scope);
}

/** The prompt that a text belongs to; null for other texts. */
export function scopeOf(model: editor.ITextModel): TemplateScope | null {
  return scopes.get(model)?.() ?? null;
}
