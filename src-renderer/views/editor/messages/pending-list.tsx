import { CircleX, X } from 'lucide-react';
import { useShallow } from 'zustand/react/shallow';
import { Button } from '../../../components/ui/button.tsx';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { dismissFile, type PendingFile, usePendingFiles } from '../../../live/media/pending-files.ts';

/** The files that are on their way into a message, and why some are not added. */
export function PendingList({ messageKey }: { readonly messageKey: string }) {
  const files = usePendingFiles(useShallow((state) => state.files.filter((file) => file.messageKey === messageKey)));
  if (files.length === 0) return null;
  return (
    <div className="flex flex-col gap-1 border-t p-2">
      {files.map((file) => (
        <Pending key={file.id} file={file} />
      ))}
    </div>
  );
}

function Pending({ file: { id, name, fraction, error } }: { readonly file: PendingFile }) {
  if (error !== null) {
    return (
      <div
        role="alert"
        className="flex items-start gap-2 rounded-md bg-danger-soft py-1 pr-1 pl-2.5 text-sm text-danger"
      >
        <CircleX aria-hidden="true" className="mt-1 size-3.5 shrink-0" />
        <span className="min-w-0 flex-1 py-0.5 break-words">
          <ForeignText text={error} />
        </span>
        <Button variant="ghost" size="icon-sm" aria-label={`Dismiss ${name}`} onClick={() => dismissFile(id)}>
          <X />
        </Button>
      </div>
    );
  }
  const percent = fraction === null ? null : Math.round(fraction * 100);
  return (
    <div className="flex items-center gap-2 rounded-md bg-panel py-1 pr-1 pl-2.5 text-sm">
      <span className="min-w-0 truncate">
        <ForeignText text={name} />
      </span>
      <progress
        aria-label={`Adding ${name}`}
        className="h-1.5 min-w-16 flex-1 appearance-none overflow-hidden rounded-full bg-active [&::-webkit-progress-bar]:bg-active [&::-webkit-progress-value]:bg-accent"
        max={100}
        {...(percent !== null && { value: percent })}
      />
      <span className="tabular w-14 shrink-0 text-right text-xs text-muted">
        {percent === null ? 'Storing…' : `${percent} %`}
      </span>
      <Button variant="ghost" size="icon-sm" aria-label={`Cancel ${name}`} onClick={() => dismissFile(id)}>
        <X />
      </Button>
    </div>
  );
}
