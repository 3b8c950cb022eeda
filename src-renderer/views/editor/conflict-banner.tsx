import { GitFork } from 'lucide-react';
import { useState } from 'react';
import { diffContent } from '../../../src-core/content/diff/diff-content.ts';
import { summariseChanges } from '../../../src-core/content/diff/summarise-changes.ts';
import type { PromptContent } from '../../../src-core/contract/content.ts';
import { documentOf } from '../../../src-core/contract/message-texts.ts';
import { sameTyped } from '../../../src-core/library/drafts/typed-texts.ts';
import { attempt } from '../../components/overlays/attempt.ts';
import { Dialog } from '../../components/overlays/dialog.tsx';
import { toast } from '../../components/overlays/toast.tsx';
import { Button } from '../../components/ui/button.tsx';
import { markedText } from '../../components/ui/foreign-text.tsx';
import { RoleLabel } from '../../components/ui/role-label.tsx';
import { client } from '../../live/api.ts';
import { type DraftHandle, useDraft } from '../../live/drafts/draft-store.ts';
import { toStored } from '../../live/drafts/draft-wire.ts';
import { openPrompt } from '../../workbench/navigation/open-prompt.ts';
import { DraftMergeDialog, forgetDraftMerge, mergeDrafts } from '../history/merge/draft-merge-dialog.tsx';

/** Shown when another window saved a draft that this one's changes are not based on. Whatever is chosen, nothing is lost. */
export function ConflictBanner({ handle }: { readonly handle: DraftHandle }) {
  const conflict = useDraft(handle, (state) => state.conflict);
  const mine = useDraft(handle, (state) => (state.conflict === null ? null : state.content));
  const [comparing, setComparing] = useState(false);
  const [isCopying, setCopying] = useState(false);
  if (conflict === null || mine === null) return null;
  return (
    <div role="alert" className="flex shrink-0 flex-wrap items-center gap-2 border-b bg-warning-soft px-4 py-2">
      <GitFork aria-hidden="true" className="size-4 text-warning" />
      <p className="min-w-64 flex-1">
        <span className="font-medium">This draft was changed in another window.</span>{' '}
        <span className="text-muted">Nothing is overwritten. Your text stays here until you decide.</span>
      </p>
      <Button onClick={() => setComparing(true)}>See both</Button>
      <Button onClick={() => void mergeDrafts(handle)}>Merge</Button>
      <DraftMergeDialog handle={handle} />
      <Button onClick={() => void takeTheirs(handle)}>Take theirs</Button>
      <Button
        disabled={isCopying}
        onClick={() => {
          setCopying(true);
          void keepMineAsCopy(handle).finally(() => setCopying(false));
        }}
      >
        Keep mine as a copy
      </Button>
      <Button variant="primary" onClick={() => keepMine(handle)}>
        Keep mine
      </Button>
      <Dialog
        open={comparing}
        onOpenChange={setComparing}
        title="Both drafts"
        description={summariseChanges(diffContent(conflict.content, mine)) || 'The texts are the same.'}
        className="w-[min(1100px,calc(100vw-48px))]"
        footer={
          <>
            <Button onClick={() => void takeTheirs(handle)}>Take theirs</Button>
            <Button variant="primary" onClick={() => keepMine(handle)}>
              Keep mine
            </Button>
          </>
        }
      >
        <div className="grid grid-cols-2 gap-4">
          <Side title="Theirs, saved" content={conflict.content} />
          <Side title="Mine, here" content={mine} />
        </div>
      </Dialog>
    </div>
  );
}

function Side({ title, content }: { readonly title: string; readonly content: PromptContent }) {
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="mb-2 font-medium">{title}</h3>
      <ol className="flex flex-col gap-3">
        {content.messages.map((message, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: shown once, never reordered
          <li key={index}>
            <RoleLabel role={message.role ?? 'placeholder'} />
            <pre className="foreign mt-1 rounded-md bg-panel p-2 font-mono text-sm whitespace-pre-wrap select-text">
              {markedText(documentOf(message))}
            </pre>
          </li>
        ))}
      </ol>
    </section>
  );
}

function keepMine(handle: DraftHandle): void {
  handle.resolve('mine');
  forgetDraftMerge(handle.store.getState().prompt.id);
  toast('Your draft is kept', { description: 'The other one is in the draft’s undo history.' });
}

/** Reads the other window's draft again, which may have changed since the banner appeared. */
async function takeTheirs(handle: DraftHandle): Promise<void> {
  await handle.refresh().catch(() => {});
  handle.resolve('theirs');
  forgetDraftMerge(handle.store.getState().prompt.id);
}

/** Copies on the host in one operation; what is typed meanwhile goes into the copy too. */
async function keepMineAsCopy(handle: DraftHandle): Promise<void> {
  const mine = () => {
    const { prompt, content, typed } = handle.store.getState();
    return toStored({ content, typed }, prompt.draft.content);
  };
  const { id } = handle.store.getState().prompt;
  const sent = mine();
  const copy = await attempt('The copy was not made', () => client.prompts.duplicate({ id, ...sent }));
  if (copy === null) return;
  const { content, typed } = mine();
  if (content !== sent.content || !sameTyped(typed, sent.typed)) {
    const { revision } = copy.draft;
    const kept = await attempt('What you typed last is not in the copy', () =>
      client.prompts.saveDraft({ id: copy.id, revision, content, typed: { ...typed } }),
    );
    if (kept === null) return;
  }
  await takeTheirs(handle);
  openPrompt(copy);
  toast(`Your text is in ${copy.name}`);
}
