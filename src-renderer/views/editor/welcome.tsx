import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { CommandId } from '../../../src-core/desktop/commands.ts';
import { Tip } from '../../components/overlays/tooltip.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Kbd } from '../../components/ui/kbd.tsx';
import { useSettings } from '../../live/settings.ts';
import { runCommand } from '../../workbench/commands.ts';
import { updateSettings } from '../../workbench/settings-store.ts';

/** Stands over the sample prompt at the first start, until it is dismissed. */
export function Welcome() {
  const { welcomeSeen } = useSettings();
  if (welcomeSeen) return null;
  return (
    <section aria-label="Welcome" className="relative shrink-0 border-b bg-accent-soft/50 px-4 pt-3 pb-3.5">
      <div className="flex items-baseline gap-2 pr-8">
        <h2 className="text-lg font-semibold">Welcome to PromptDev</h2>
        <p className="text-muted">
          This sample is ready to run on a small model that is built in. Nothing leaves this machine.
        </p>
      </div>
      <ol className="mt-2 flex flex-wrap gap-x-6 gap-y-2">
        <Step number={1} command="run.start" action="Run it">
          with <Kbd shortcut="Mod+Enter" className="text-foreground" />, change a word, run again
        </Step>
        <Step number={2} command="comparison.new" action="Compare models">
          side by side
        </Step>
        <Step number={3} command="go.models" action="Add models">
          GGUF files, or endpoints like OpenAI’s
        </Step>
        <Step number={4} command="import.open" action="Import prompts">
          of other tools
        </Step>
      </ol>
      <Tip label="Dismiss; the Help commands bring it back">
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Dismiss the welcome"
          className="absolute top-2 right-2"
          onClick={() => void updateSettings({ welcomeSeen: true })}
        >
          <X />
        </Button>
      </Tip>
    </section>
  );
}

interface StepProps {
  readonly number: number;
  readonly command: CommandId;
  readonly action: string;
  readonly children: ReactNode;
}

function Step({ number, command, action, children }: StepProps) {
  return (
    <li className="flex items-center gap-1.5 text-sm text-muted">
      <span aria-hidden="true" className="tabular text-accent-text">
        {number}
      </span>
      <Button variant="link" onClick={() => runCommand(command)}>
        {action}
      </Button>
      <span>{children}</span>
    </li>
  );
}
