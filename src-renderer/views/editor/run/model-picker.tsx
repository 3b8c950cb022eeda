import { useQuery } from '@tanstack/react-query';
import { Check, ChevronDown, Cloud, Cpu } from 'lucide-react';
import { useState } from 'react';
import type { Model } from '../../../../src-core/contract/models.ts';
import { formatBytes } from '../../../components/format.ts';
import {
  Command,
  CommandEmpty,
  CommandGroup,
  CommandInput,
  CommandItem,
  CommandList,
} from '../../../components/overlays/command.tsx';
import { Popover } from '../../../components/overlays/popover.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { ForeignText, markedText } from '../../../components/ui/foreign-text.tsx';
import { inputClass } from '../../../fields/input.tsx';
import { orpc } from '../../../live/api.ts';

export interface ModelPickerProps {
  readonly id?: string;
  readonly value: string | null;
  readonly onChange: (model: string) => void;
  readonly className?: string;
  readonly 'aria-describedby'?: string;
}

/** Picks a model out of all that there are, by a few letters. */
export function ModelPicker({ value, onChange, className, ...props }: ModelPickerProps) {
  const [open, setOpen] = useState(false);
  const models = useQuery(orpc.models.list.queryOptions()).data;
  const chosen = models?.find((model) => model.id === value);
  const missing = models !== undefined && value !== null && chosen === undefined;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      className="w-80 p-0"
      aria-label="Models"
      trigger={
        <button
          type="button"
          {...props}
          aria-label={`Model: ${chosen?.title ?? value ?? 'none'}`}
          className={cn(inputClass, 'inline-flex h-7 items-center gap-1.5', missing && 'border-danger', className)}
        >
          {chosen !== undefined && <ModelIcon model={chosen} />}
          <span className={cn('flex-1 truncate text-left', value === null && 'text-faint')}>
            <ForeignText text={chosen?.title ?? value ?? 'Choose a model'} />
          </span>
          {missing && <span className="text-xs text-danger">not found</span>}
          <ChevronDown aria-hidden="true" className="size-3.5 shrink-0 text-faint" />
        </button>
      }
    >
      <ModelList
        models={models ?? []}
        value={value}
        onPick={(model) => {
          setOpen(false);
          onChange(model);
        }}
      />
    </Popover>
  );
}

interface ModelListProps {
  readonly models: readonly Model[];
  readonly value: string | null;
  readonly onPick: (model: string) => void;
}

function ModelList({ models, value, onPick }: ModelListProps) {
  return (
    <Command label="Models" defaultValue={value ?? undefined} className="max-h-80">
      <CommandInput autoFocus placeholder="Search models" />
      <CommandList>
        <CommandEmpty>No model matches.</CommandEmpty>
        {Object.entries(Object.groupBy(models, groupOf)).map(([group, members]) => (
          <CommandGroup key={group} heading={group}>
            {members?.map((model) => (
              <CommandItem key={model.id} value={model.id} keywords={[model.title]} onSelect={() => onPick(model.id)}>
                <ModelIcon model={model} />
                <span className="min-w-0 flex-1">
                  <span className="block truncate">{markedText(model.title)}</span>
                  <span className="block truncate text-xs text-muted">{markedText(detailOf(model))}</span>
                </span>
                {model.id === value && <Check />}
              </CommandItem>
            ))}
          </CommandGroup>
        ))}
      </CommandList>
    </Command>
  );
}

function ModelIcon({ model }: { readonly model: Model }) {
  const Icon = model.kind === 'local' ? Cpu : Cloud;
  return <Icon aria-hidden="true" className="size-3.5 shrink-0 text-muted" />;
}

const groupOf = (model: Model): string => {
  if (model.kind === 'remote') return model.endpoint;
  return model.builtIn ? 'Built in' : 'Local';
};

const detailOf = (model: Model): string => {
  if (model.kind === 'remote') return model.id;
  const state = model.present ? (model.state.kind === 'ready' ? 'loaded' : '') : 'file is missing';
  return [model.id, model.quantisation, formatBytes(model.sizeBytes), state].filter((part) => part !== '').join(' · ');
};
