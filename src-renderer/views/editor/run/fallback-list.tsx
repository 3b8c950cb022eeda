import { ArrowUp, X } from 'lucide-react';
import { Button } from '../../../components/ui/button.tsx';
import { ModelPicker } from './model-picker.tsx';

export interface FallbackListProps {
  readonly fallbacks: readonly string[];
  readonly onChange: (fallbacks: string[]) => void;
}

/** Models that are tried in order when the one before fails. */
export function FallbackList({ fallbacks, onChange }: FallbackListProps) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-sm font-medium">Fallbacks</legend>
      {fallbacks.map((model, index) => (
        <div key={model} className="flex items-center gap-1">
          <span className="tabular w-4 text-xs text-muted">{index + 1}.</span>
          <ModelPicker value={model} onChange={(next) => onChange(unique(fallbacks.with(index, next)))} />
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={`Try ${model} earlier`}
            disabled={index === 0}
            onClick={() => onChange(fallbacks.toSpliced(index, 1).toSpliced(index - 1, 0, model))}
          >
            <ArrowUp />
          </Button>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={`Remove the fallback ${model}`}
            onClick={() => onChange(fallbacks.toSpliced(index, 1))}
          >
            <X />
          </Button>
        </div>
      ))}
      <ModelPicker
        value={null}
        onChange={(model) => onChange(unique([...fallbacks, model]))}
        className="border-dashed text-muted"
      />
      <p className="text-xs text-muted">Tried in this order when the model fails.</p>
    </fieldset>
  );
}

const unique = (models: readonly string[]): string[] => [...new Set(models)];
