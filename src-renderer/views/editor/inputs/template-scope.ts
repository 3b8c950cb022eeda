import { templatesOf } from '../../../../src-core/contract/message-texts.ts';
import type { Knowledge } from '../../../../src-core/templates/assist/knowledge.ts';
import { parseTemplate } from '../../../../src-core/templates/engine.ts';
import { inputsOf } from '../../../../src-core/templates/template-inputs.ts';
import type { DraftHandle } from '../../../live/drafts/draft-store.ts';
import { useForms } from '../../../live/drafts/input-values.ts';
import type { TemplateScope } from '../../../monaco/template/template-scope.ts';
import { openIncluded } from '../../../workbench/navigation/open-included.ts';
import { findPrompts, readIncluded } from '../../library/find-prompts.ts';
import { renameEverywhere } from '../draft/rename-everywhere.ts';
import { applyFix } from '../problems/apply-fix.ts';

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
    // Read only while a path is being written, because parsing every message is too slow for each key.
    get usedPaths() {
      return content.messages.flatMap((message, index) =>
        templatesOf(message).flatMap(({ text, part }) =>
          pathsOf(`${messageKeys[index] ?? ''} ${part ?? ''}`, text, content.syntax),
        ),
      );
    },
  };
}

/** The paths of messages when they could last be parsed; while one types they mostly cannot. */
const lastPaths = new Map<string, readonly string[]>();

function pathsOf(messageKey: string, source: string, syntax: Knowledge['syntax']): readonly string[] {
  const { template } = parseTemplate(source, { syntax });
  if (template !== null) {
    const paths = inputsOf(template).flatMap((input) => input.paths.map(({ path }) => path));
    lastPaths.set(messageKey, [...new Set(paths)]);
  }
  return lastPaths.get(messageKey) ?? [];
}
