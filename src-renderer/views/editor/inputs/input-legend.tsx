import { inputColour } from './input-colour.ts';

export interface InputLegendProps {
  readonly inputs: readonly string[];
  /** Goes to where the input is written. */
  readonly onPick: (input: string) => void;
}

/** Which colour is which input; the one that is pointed at stands out in the text. */
export function InputLegend({ inputs, onPick }: InputLegendProps) {
  if (inputs.length === 0) return null;
  return (
    <ul aria-label="Inputs in the preview" className="flex flex-wrap gap-1">
      {inputs.map((input, index) => (
        <li key={input}>
          <button
            type="button"
            title={`Go to where ${input} is written`}
            className="max-w-48 truncate rounded-sm px-1.5 font-mono text-xs leading-5"
            style={inputColour(index)}
            onClick={() => onPick(input)}
            onPointerEnter={(event) => emphasise(event.currentTarget, index)}
            onPointerLeave={(event) => emphasise(event.currentTarget, null)}
            onFocus={(event) => emphasise(event.currentTarget, index)}
            onBlur={(event) => emphasise(event.currentTarget, null)}
          >
            {input}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Fades the other inputs directly in the DOM, because rendering a long preview again is slow. */
function emphasise(from: HTMLElement, index: number | null): void {
  const marks = from.closest('section')?.querySelectorAll<HTMLElement>('[data-input]') ?? [];
  for (const mark of marks) mark.style.opacity = index === null || mark.dataset.input === String(index) ? '' : '0.4';
}
