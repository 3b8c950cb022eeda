import { Check, ChevronDown } from 'lucide-react';
import { Select as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '../components/ui/cn.ts';
import { markTexts } from '../components/ui/foreign-text.tsx';
import { inputClass } from './input.tsx';

export interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly label: ReactNode;
  /** Second line, shown in the list only. */
  readonly hint?: string;
  readonly disabled?: boolean;
}

export interface SelectProps<Value extends string> {
  readonly value: Value | undefined;
  readonly onChange: (value: Value) => void;
  readonly options: readonly SelectOption<Value>[];
  readonly 'aria-label'?: string;
  readonly id?: string;
  readonly placeholder?: string;
  readonly className?: string;
  readonly disabled?: boolean;
  readonly tabIndex?: number;
  /** Without a border, for toolbars. */
  readonly quiet?: boolean;
}

/** Picks one of a few fixed values. */
export function Select<Value extends string>({
  value,
  onChange,
  options,
  placeholder,
  className,
  disabled,
  quiet = false,
  ...props
}: SelectProps<Value>) {
  return (
    <Primitive.Root value={value ?? ''} onValueChange={(next) => onChange(next as Value)} disabled={disabled}>
      <Primitive.Trigger
        className={cn(
          inputClass,
          'inline-flex h-7 items-center justify-between gap-1 data-placeholder:text-faint',
          quiet &&
            'h-6 w-auto border-transparent bg-transparent px-1.5 text-sm hover:border-transparent hover:bg-hover',
          className,
        )}
        {...props}
      >
        <span className="truncate">
          <Primitive.Value placeholder={placeholder} />
        </span>
        <Primitive.Icon>
          <ChevronDown className="size-3.5 text-faint" />
        </Primitive.Icon>
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          position="popper"
          sideOffset={4}
          className="z-50 max-h-80 min-w-(--radix-select-trigger-width) animate-pop-in overflow-hidden rounded-lg border border-border-strong bg-raised p-1 shadow-popup"
        >
          <Primitive.Viewport>
            {options.map((option) => (
              <Primitive.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled}
                className="relative flex min-h-7 items-center rounded-sm py-1 pr-7 pl-2 text-base outline-none select-none data-disabled:opacity-50 data-highlighted:bg-active"
              >
                <span className="flex flex-col">
                  <Primitive.ItemText>{markTexts(option.label)}</Primitive.ItemText>
                  {option.hint !== undefined && <span className="text-xs text-muted">{markTexts(option.hint)}</span>}
                </span>
                <Primitive.ItemIndicator className="absolute right-2">
                  <Check className="size-3.5 text-accent" />
                </Primitive.ItemIndicator>
              </Primitive.Item>
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
