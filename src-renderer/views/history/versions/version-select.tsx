import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { type NumberedVersion, notSyncedHint, shownNumber } from '../../../../src-core/content/version-name.ts';
import { Popover } from '../../../components/overlays/popover.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { inputClass } from '../../../fields/input.tsx';
import { useVersion } from './use-content.ts';
import { VersionChoices } from './version-choices.tsx';

export interface VersionSelectProps {
  readonly promptId: string;
  readonly value: string | null;
  readonly onChange: (versionId: string) => void;
  /** Offers the draft too, which `null` then stands for. */
  readonly onPickDraft?: () => void;
  readonly className?: string;
  readonly id?: string;
  readonly 'aria-label'?: string;
  readonly 'aria-describedby'?: string | undefined;
}

/** A form field that chooses one of all versions of a prompt. */
export function VersionSelect({ promptId, value, onChange, onPickDraft, className, ...control }: VersionSelectProps) {
  const [open, setOpen] = useState(false);
  const chosen = useVersion(value).data;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      className="w-(--radix-popover-trigger-width) min-w-96 p-0"
      aria-label="Versions"
      trigger={
        <button
          type="button"
          role="combobox"
          aria-expanded={open}
          className={cn(inputClass, 'inline-flex h-7 items-center justify-between gap-1 text-left', className)}
          {...control}
        >
          <span className="truncate" title={chosen?.confirmed === false ? notSyncedHint : undefined}>
            {textOf(value, chosen, onPickDraft !== undefined)}
          </span>
          <ChevronDown aria-hidden="true" className="size-3.5 shrink-0 text-faint" />
        </button>
      }
    >
      <VersionChoices
        promptId={promptId}
        value={value}
        {...(onPickDraft && {
          onPickDraft: () => {
            setOpen(false);
            onPickDraft();
          },
        })}
        onPick={({ id }) => {
          setOpen(false);
          onChange(id);
        }}
      />
    </Popover>
  );
}

function textOf(value: string | null, chosen: NumberedVersion | undefined, offersDraft: boolean): string {
  if (value === null) return offersDraft ? 'Draft' : 'Choose a version';
  return chosen === undefined ? '…' : `Version ${shownNumber(chosen)}`;
}
