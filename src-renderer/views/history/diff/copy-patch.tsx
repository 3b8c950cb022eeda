import { Check, ClipboardCopy } from 'lucide-react';
import { useState } from 'react';
import { attempt } from '../../../components/overlays/attempt.ts';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';

/** Copies the difference as a unified diff. */
export function CopyPatch({ patch }: { readonly patch: () => string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const done = await attempt('The difference was not copied', async () => {
      await navigator.clipboard.writeText(patch());
      return true;
    });
    if (done === null) return;
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <Tip label={copied ? 'Copied' : 'Copy as unified diff'}>
      <Button variant="ghost" size="icon" aria-label="Copy as unified diff" onClick={copy}>
        {copied ? <Check className="text-success" /> : <ClipboardCopy />}
      </Button>
    </Tip>
  );
}
