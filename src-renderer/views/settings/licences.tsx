import { useState } from 'react';
import { Dialog } from '../../components/overlays/dialog.tsx';
import { Button } from '../../components/ui/button.tsx';

/** What PromptDev is made of, by name, licence and author. */
const parts: readonly (readonly [string, string])[] = [
  ['React', 'MIT, Meta Platforms and contributors'],
  ['Monaco Editor', 'MIT, Microsoft Corporation'],
  ['Radix UI', 'MIT, WorkOS'],
  ['Tailwind CSS', 'MIT, Tailwind Labs'],
  ['Lucide', 'ISC, Lucide contributors'],
  ['TanStack Query, Table, Virtual', 'MIT, Tanner Linsley'],
  ['zustand', 'MIT, Poimandres'],
  ['cmdk', 'MIT, Paco Coursey'],
  ['sonner', 'MIT, Emil Kowalski'],
  ['react-resizable-panels', 'MIT, Brian Vaughn'],
  ['Inter', 'OFL-1.1, The Inter Project Authors'],
  ['JetBrains Mono', 'OFL-1.1, The JetBrains Mono Project Authors'],
  ['oRPC', 'MIT, oRPC contributors'],
  ['zod', 'MIT, Colin McDonnell'],
  ['Kysely', 'MIT, Sami Koskimäki'],
  ['better-sqlite3', 'MIT, Joshua Wise'],
  ['node-llama-cpp and llama.cpp', 'MIT, Gilad S. and the ggml authors'],
  ['openai', 'Apache-2.0, OpenAI'],
  ['LiquidJS', 'MIT, Jun Yang'],
  ['Nunjucks', 'BSD-2-Clause, James Long'],
  ['Electron', 'MIT, OpenJS Foundation and contributors'],
];

/** A button that shows the licences of the parts. */
export function Licences() {
  const [open, setOpen] = useState(false);
  return (
    <div className="py-2.5">
      <Button size="sm" onClick={() => setOpen(true)}>
        Licences
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title="Licences" description="PromptDev stands on these projects.">
        <dl tabIndex={0} className="divide-y rounded-md outline-offset-4">
          {parts.map(([name, licence]) => (
            <div key={name} className="flex justify-between gap-4 py-1">
              <dt className="font-medium">{name}</dt>
              <dd className="text-right text-muted">{licence}</dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </div>
  );
}
