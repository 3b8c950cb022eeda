import { X } from 'lucide-react';
import { Button } from '../../../components/ui/button.tsx';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { dismissImport, type Import, useImports } from './imports.ts';

/** Files that are being added, with their progress, and those that could not be, with the reason. */
export function ImportList() {
  const imports = useImports((state) => state.imports);
  if (imports.length === 0) return null;
  return (
    <ul aria-label="Files being added" className="flex flex-col gap-2 border-b p-3">
      {imports.map((one) => (
        <ImportRow key={one.id} one={one} />
      ))}
    </ul>
  );
}

function ImportRow({ one }: { readonly one: Import }) {
  const { step } = one;
  return (
    <li className="flex flex-col gap-1">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">{one.fileName}</span>
        {step.kind !== 'checking' && (
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={step.kind === 'failed' ? `Dismiss ${one.fileName}` : `Cancel ${one.fileName}`}
            onClick={() => dismissImport(one.id)}
          >
            <X />
          </Button>
        )}
      </div>
      {step.kind === 'failed' ? (
        <p role="alert" className="text-sm break-words text-danger">
          <ForeignText text={step.message} />
        </p>
      ) : (
        <>
          <progress
            className="h-1 w-full overflow-hidden rounded-full accent-(--accent)"
            aria-label={`Adding ${one.fileName}`}
            {...(step.kind === 'uploading' && { value: step.progress })}
          />
          <p className="text-xs text-muted">
            {step.kind === 'uploading'
              ? `Copying, ${Math.round(step.progress * 100)} %`
              : 'Checking the file and its checksum'}
          </p>
        </>
      )}
    </li>
  );
}
