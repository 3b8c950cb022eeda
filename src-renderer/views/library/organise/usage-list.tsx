import { FileText } from 'lucide-react';
import type { Usage } from '../../../../src-core/contract/library.ts';
import { openPrompt } from '../../../workbench/navigation/open-prompt.ts';
import { closeOrganiseDialog } from './organise-dialogs.ts';
import { placeOf } from './usages.ts';

/** Prompts that include others, each to open. */
export function UsageList({ usages }: { readonly usages: readonly Usage[] }) {
  return (
    <ul className="flex flex-col">
      {usages.map((usage) => (
        <li key={usage.promptId}>
          <button
            type="button"
            onClick={() => {
              closeOrganiseDialog();
              openPrompt({ id: usage.promptId, name: usage.name, title: usage.title });
            }}
            className="flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left hover:bg-hover"
          >
            <FileText aria-hidden="true" className="size-3.5 shrink-0 text-faint" />
            <span className="min-w-0 flex-1 truncate">{usage.name}</span>
            <span className="truncate font-mono text-xs text-muted">{usage.as.join(', ')}</span>
            <span className="text-xs whitespace-nowrap text-muted">{placeOf(usage)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
