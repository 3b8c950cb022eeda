import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { orpc } from '../../../live/api.ts';

/** Shown where keys are entered while the operating system's keychain cannot hold them. */
export function KeyStoreWarning() {
  const info = useQuery(orpc.workspace.info.queryOptions()).data;
  if (info === undefined || info.secretsBackend === 'keychain') return null;
  const warning = info.warnings.find((one) => /key/i.test(one));
  return (
    <p className="flex items-start gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm text-warning">
      <KeyRound aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
      <span>
        {warning ??
          (info.secretsBackend === 'file'
            ? 'This machine offers no keychain, so keys are kept in an encrypted file in the data directory.'
            : 'This machine offers no keychain, so keys are kept in memory and must be entered again after a restart.')}
      </span>
    </p>
  );
}
