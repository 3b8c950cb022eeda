import type { Conflict } from '../../../../src-core/content/merge/merge-conflict.ts';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { Button } from '../../../components/ui/button.tsx';
import { MediaStrip } from '../../messages/parts-view.tsx';
import { ConflictResult } from './conflict-result.tsx';
import { ConflictSide } from './conflict-side.tsx';
import { type Choices, contextOf, sideText, takesFor } from './merge-choices.ts';
import { choose } from './merge-store.ts';

/** Where the sides of a merge come from, as in `{ base: "v12", ours: "draft", theirs: "v14" }`. */
export interface MergeOrigins {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

export interface ConflictEditorProps {
  readonly mergeId: string;
  readonly conflict: Conflict;
  readonly choices: Choices;
  readonly origins: MergeOrigins;
  readonly base: PromptContent;
  readonly language: string;
}

const titles = { base: 'Base', ours: 'Ours', theirs: 'Theirs' } as const;

/** One conflict: what the sides have, and the result to take or to write. */
export function ConflictEditor({
  mergeId,
  conflict,
  choices,
  origins,
  base: baseContent,
  language,
}: ConflictEditorProps) {
  const choice = choices[conflict.id];
  const base = sideText(conflict, 'base');
  const take = (next: 'base' | 'ours' | 'theirs' | 'both') => choose(mergeId, conflict.id, { take: next });
  return (
    <div className="flex flex-col gap-3">
      <h3 className="text-base font-semibold first-letter:uppercase">{conflict.where}</h3>
      <div className="grid grid-cols-3 gap-3 max-lg:grid-cols-1">
        {(['ours', 'base', 'theirs'] as const).map((side) => (
          <ConflictSide
            key={side}
            title={titles[side]}
            origin={origins[side]}
            text={sideText(conflict, side)}
            base={side === 'base' ? null : base}
            context={contextOf(conflict, baseContent)}
            action={`Take ${titles[side].toLowerCase()}`}
            chosen={choice?.take === side}
            onTake={() => take(side)}
          >
            {conflict.kind === 'messages' && <MediaStrip messages={conflict[side]} />}
          </ConflictSide>
        ))}
      </div>
      <section aria-label="Result" className="overflow-clip rounded-lg border border-border-strong">
        <header className="flex h-9 items-center gap-2 border-b bg-panel pr-1.5 pl-3">
          <h4 className="font-medium">Result</h4>
          <span className="flex-1 text-xs text-muted">{choice?.take === 'edited' && 'edited'}</span>
          {takesFor(conflict).includes('both') && (
            <Button
              size="sm"
              aria-pressed={choice?.take === 'both'}
              variant={choice?.take === 'both' ? 'primary' : 'secondary'}
              onClick={() => take('both')}
            >
              Take both
            </Button>
          )}
          {choice !== undefined && (
            <Button size="sm" variant="ghost" onClick={() => choose(mergeId, conflict.id, null)}>
              Undecide
            </Button>
          )}
        </header>
        <ConflictResult
          mergeId={mergeId}
          conflict={conflict}
          choice={choice}
          language={language}
          onEdit={(value) => choose(mergeId, conflict.id, { take: 'edited', value })}
        />
      </section>
    </div>
  );
}
