import { templatesOf } from '../../../../src-core/contract/message-texts.ts';
import type { Knowledge } from '../../../../src-core/templates/assist/knowledge.ts';
import { parseTemplate } from '../../../../src-core/templates/engine.ts';
import { inputsOf } from '../../../../src-core/templates/template-inputs.ts';
import type { TemplateScope } from '../../../monaco/template-scope.ts';
import { findPrompts, readIncluded } from '../../library/find-prompts.ts';
import type { DraftHandle } from '../draft/draft-store.ts';
import { useForms } from '../draft/editor-store.ts';
import { openIncluded } from '../open-included.ts';
import { applyFix } from '../problems/apply-fix.ts';
import { renameEverywhere } from '../rename-everywhere.ts';

/** What the editors of a prompt's messages know of the prompt. */
export function templateScope(handle: DraftHandle): TemplateScope {
  return {
    knowledge: knowledgeOf(handle),
    findPrompts: (words) => findPrompts(words, handle.store.getState().prompt.id),
    readPrompt: readIncluded,
    openPrompt: (name) => void openIncluded(name),
    renameInput: (from, to) => renameEverywhere(handle, from, to),
    applyFix: (fix) => applyFix(handle, fix),
  };
}

function knowledgeOf(handle: DraftHandle): Knowledge {
  const { prompt, content, messageKeys } = handle.store.getState();
  return {
    syntax: content.syntax,
    inputs: content.inputs,
    values: useForms.getState().values[prompt.id] ?? {},
    samples: content.samples.map(({ inputs }) => inputs),
    // Only where a path is being written: reading every message takes longer than a key may.
    get usedPaths() {
      return content.messages.flatMap((message, index) =>
        templatesOf(message).flatMap(({ text, part }) =>
          pathsOf(`${messageKeys[index] ?? ''} ${part ?? ''}`, text, content.syntax),
        ),
      );
    },
  };
}

/** What messages read when they could last be parsed: while one types they mostly cannot. */
const lastPaths = new Map<string, readonly string[]>();

function pathsOf(messageKey: string, source: string, syntax: Knowledge['syntax']): readonly string[] {
  const { template } = parseTemplate(source, { syntax });
  if (template !== null) {
    const paths = inputsOf(template).flatMap((input) => input.paths.map(({ path }) => path));
    lastPaths.set(messageKey, [...new Set(paths)]);
  }
  return lastPaths.get(messageKey) ?? [];
}
