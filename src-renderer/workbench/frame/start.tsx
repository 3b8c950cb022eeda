import { type CommandId, commandById } from '../../../src-core/desktop/commands.ts';
import { shortcutOf } from '../../components/shortcut-of.ts';
import { Kbd } from '../../components/ui/kbd.tsx';
import { runCommand, useHandlers } from '../commands.ts';

const offered: readonly CommandId[] = [
  'prompt.new',
  'import.open',
  'prompt.search',
  'comparison.new',
  'palette.open',
  'help.shortcuts',
];

/** Fills the editor area while no tab is open. */
export function Start() {
  const handlers = useHandlers((state) => state.handlers);
  return (
    <div className="flex h-full flex-col items-center justify-center gap-6">
      <img src="./icon.svg" alt="" className="size-12 opacity-80" />
      <ul className="flex w-64 flex-col gap-0.5" aria-label="Start with">
        {offered
          .filter((id) => (handlers[id]?.length ?? 0) > 0)
          .map((id) => (
            <li key={id}>
              <button
                type="button"
                onClick={() => runCommand(id)}
                className="flex h-7 w-full items-center justify-between rounded-md px-2 text-muted hover:bg-hover hover:text-foreground"
              >
                {commandById(id).title}
                <Kbd shortcut={shortcutOf(id) ?? ''} />
              </button>
            </li>
          ))}
      </ul>
    </div>
  );
}
