import type { TypedProblem } from '../../../src-core/library/drafts/typed-texts.ts';
import { sentenceOf } from '../../../src-core/library/drafts/typed-texts.ts';
import { forgetToast, toastError } from '../../components/overlays/toast.tsx';
import type { DraftHandle } from '../../live/drafts/draft-handle.ts';
import { useEditorLayout } from '../../workbench/navigation/prompt-layout.ts';
import { forgetRefusal, refuseRun, startRun } from '../runs/run-store.ts';
import { settleFields } from './draft/field-commits.ts';
import { ofContent } from './draft/use-field.ts';
import { askToSave } from './save/save-dialog.tsx';

const saveRefused = 'The version was not saved';

/** Starts a run, unless a field holds a text that is not valid: then it shows that field. */
export async function runWhenFinished(handle: DraftHandle, what: () => Parameters<typeof startRun>[1]): Promise<void> {
  const { id } = handle.store.getState().prompt;
  useEditorLayout.setState({ runPanel: true });
  const problems = ofContent(await settleFields(handle));
  const [first] = problems;
  if (first === undefined) return startRun(id, what());
  refuseRun(id, sentenceOf(problems));
  showField(first);
}

/** Asks for a note and saves, unless a field holds a text that is not valid: then it shows that field. */
export async function saveWhenFinished(handle: DraftHandle): Promise<void> {
  const problems = await settleFields(handle);
  const [first] = problems;
  if (first === undefined) return askToSave(handle);
  toastError(saveRefused, new Error(sentenceOf(problems)));
  showField(first);
}

/** Removes refusals about fields that are valid now. */
export function forgetRefusals(handle: DraftHandle): void {
  forgetRefusal(handle.store.getState().prompt.id, 'field');
  forgetToast(saveRefused);
}

/** Shows the field and puts the cursor there. */
function showField({ path, place }: TypedProblem): void {
  if (place === 'inputs' || place === 'settings') useEditorLayout.setState({ side: true, sideTab: place });
  // The panel is there after the next render.
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-field="${CSS.escape(path)}"]`)?.focus());
}
