import { type Command, type CommandId, commandById } from '../../src-core/desktop/commands.ts';
import { runsInElectron } from '../live/ports.ts';

/** The shortcut to show for a command: the one that works here, because a browser keeps some keys for itself. */
export function shortcutOf(id: CommandId): string | undefined {
  const { shortcut, alternative }: Command = commandById(id);
  return !runsInElectron && alternative?.startsWith('Alt+') ? alternative : shortcut;
}
