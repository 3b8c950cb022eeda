import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { attempt } from './attempt.ts';
import { Tip } from './tooltip.tsx';

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, as in "SHA-256". */
  readonly label: string;
}

/** Copies a text and shows that it did. */
export function CopyButton({ text, label }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const done = await attempt('Nothing was copied', async () => {
      await navigator.clipboard.writeText(text);
      return true;
    });
    if (!done) return;
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <Tip label={copied ? 'Copied' : `Copy ${label}`}>
      <Button variant="ghost" size="icon-sm" aria-label={`Copy ${label}`} onClick={copy}>
        {copied ? <Check className="text-success" /> : <Copy />}
      </Button>
    </Tip>
  );
}
