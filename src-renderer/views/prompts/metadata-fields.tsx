import { useEffect, useRef, useState } from 'react';
import { promptNameSchema } from '../../../src-core/contract/shared.ts';
import { cn } from '../../components/cn.ts';
import { FieldMarks } from '../../components/foreign-text.tsx';
import { type DraftHandle, useDraft } from './draft-store.ts';
import { nameAfterTitle, renamePrompt, updatePrompt } from './prompt-actions.ts';
import { TagsField } from './tags-field.tsx';

/** Title, name, description and tags; each is saved shortly after the last key, and at once when it is left. */
export function MetadataFields({ handle }: { readonly handle: DraftHandle }) {
  const prompt = useDraft(handle, (state) => state.prompt);
  return (
    <div className="flex min-w-72 flex-1 flex-col">
      <QuietField
        key={`title ${prompt.id}`}
        label="Title"
        data-prompt-title={prompt.id}
        className="text-lg font-semibold"
        placeholder={prompt.name}
        maxLength={200}
        value={prompt.title}
        onSave={(title) => updatePrompt(handle, { title })}
        onLeave={() => void nameAfterTitle(handle)}
      />
      <div className="flex min-w-0 flex-wrap items-center gap-x-2">
        <QuietField
          key={`name ${prompt.id}`}
          label="Name"
          className="font-mono text-xs text-muted"
          grow={false}
          value={prompt.name}
          check={(name) => promptNameSchema.safeParse(name).error?.issues[0]?.message ?? null}
          saveWhenLeft
          onSave={(name) => renamePrompt(prompt, name)}
        />
        <TagsField tags={prompt.tags} onChange={(tags) => updatePrompt(handle, { tags })} />
      </div>
      <QuietField
        key={`description ${prompt.id}`}
        label="Description"
        className="text-sm text-muted"
        placeholder="Describe what this prompt is for"
        maxLength={10_000}
        value={prompt.description}
        onSave={(description) => updatePrompt(handle, { description })}
      />
    </div>
  );
}

interface QuietFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onLeave?: () => void;
  /** False when it was not taken. */
  readonly onSave: (value: string) => Promise<boolean>;
  readonly check?: (value: string) => string | null;
  readonly 'data-prompt-title'?: string;
  readonly placeholder?: string;
  readonly maxLength?: number;
  readonly className?: string;
  /** Takes the width that is left; otherwise that of its text. */
  readonly grow?: boolean;
  /** Half a name is no name, so it waits until the field is left. */
  readonly saveWhenLeft?: boolean;
}

const saveDelayMs = 400;

/** A field that looks like the text it holds until it is used. */
function QuietField({
  label,
  value,
  onSave,
  check,
  className,
  grow = true,
  saveWhenLeft = false,
  onLeave,
  ...props
}: QuietFieldProps) {
  const [text, setText] = useState(value);
  const [isEditing, setEditing] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef({ text, value, onSave });
  useEffect(() => {
    latest.current = { text, value, onSave };
  });
  useEffect(() => {
    if (!isEditing) setText(value);
  }, [value, isEditing]);
  const save = async () => {
    clearTimeout(timer.current);
    const { text: typed, value: known, onSave: send } = latest.current;
    const next = typed.trim();
    if (next === known || (check?.(next) ?? null) !== null) return;
    if (!(await send(next))) setText(latest.current.value);
  };
  // A field that goes away while it is typed in, with its tab, is left too.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, with what is latest then
  useEffect(() => () => void save(), []);
  const error = check?.(text.trim()) ?? null;
  const invalid = error !== null && text !== value;
  return (
    <span className={cn('relative min-w-0', grow ? 'flex' : 'inline-flex')}>
      <input
        {...props}
        dir="auto"
        aria-label={label}
        aria-invalid={invalid || undefined}
        aria-description={invalid ? error : undefined}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onFocus={() => setEditing(true)}
        onChange={(event) => {
          setText(event.target.value);
          clearTimeout(timer.current);
          if (!saveWhenLeft) timer.current = setTimeout(() => void save(), saveDelayMs);
        }}
        onBlur={() => {
          setEditing(false);
          void save().then(onLeave);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void save();
          if (event.key === 'Escape') setText(value);
        }}
        className={cn(
          '-ml-1.5 h-6 min-w-24 truncate rounded-sm text-left bg-transparent px-1.5 outline-offset-0 placeholder:text-faint hover:bg-hover focus:bg-background',
          grow ? 'flex-1' : 'field-sizing-content',
          invalid && 'outline-2 outline-danger',
          className,
        )}
      />
      <FieldMarks text={text} className="mr-1" />
      {invalid && (
        <span
          role="alert"
          className="absolute top-full left-0 z-20 mt-1 w-80 rounded-md border border-danger bg-raised px-2 py-1 font-sans text-xs text-danger shadow-popup"
        >
          {error}
        </span>
      )}
    </span>
  );
}
