import { useCommand } from '../../workbench/commands.ts';
import { newComparison } from './builder/drafts.ts';

/** The commands of comparisons, from wherever the person is. */
export function CompareCommands() {
  useCommand('comparison.new', () => newComparison());
  return null;
}
