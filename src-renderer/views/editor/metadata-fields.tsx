import { CircleAlert } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { z } from 'zod';
import { promptNamePath } from '../../../src-core/library/drafts/draft-fields.ts';
import { cn } from '../../components/ui/cn.ts';
import { FieldMarks } from '../../components/ui/foreign-text.tsx';
import { type DraftHandle, useDraft } from '../../live/drafts/draft-store.ts';
import { nameAfterTitle, takeWantedTitle } from '../library/organise/prompt-actions.ts';
import { commitField, descriptionPath, tagsPath, titlePath } from './draft/field-commits.ts';
import { useLeftField } from './draft/use-field.ts';
import { TagsField } from './tags-field.tsx';

/** Title, name, description and tags; each is saved shortly after the last key, and at once when it is left. */
export function MetadataFields({ handle }: { readonly handle: DraftHandle }) {
  const id = useDraft(handle, ({ prompt }) => prompt.id);
  const title = useDraft(handle, ({ prompt }) => prompt.title);
  const name = useDraft(handle, ({ prompt }) => prompt.name);
  const description = useDraft(handle, ({ prompt }) => prompt.description);
  return (
    <div className="flex min-w-72 flex-1 flex-col">
      <QuietField
        handle={handle}
        path={titlePath}
        label="Title"
        takesFocus={() => takeWantedTitle(id)}
        className="text-lg font-semibold"
        placeholder={name}
        value={title}
        onLeave={() => void nameAfterTitle(handle)}
      />
      <div className="flex min-w-0 flex-wrap items-center gap-x-2">
        <QuietField
          handle={handle}
          path={promptNamePath}
          label="Name"
          className="font-mono text-xs text-muted"
          grow={false}
          value={name}
          saveWhenLeft
        />
        <Tags handle={handle} />
      </div>
      <QuietField
        handle={handle}
        path={descriptionPath}
        label="Description"
        className="text-sm text-muted"
        placeholder="Describe what this prompt is for"
        value={description}
      />
    </div>
  );
}

/** Tags that the host could not take are kept and sent again. */
function Tags({ handle }: { readonly handle: DraftHandle }) {
  const promptId = useDraft(handle, (state) => state.prompt.id);
  const tags = useDraft(handle, (state) => state.prompt.tags);
  const held = useDraft(handle, (state) => state.typed[tagsPath]);
  const error = useDraft(handle, (state) => state.fieldErrors[tagsPath]);
  return (
    <span className="inline-flex items-center gap-1">
      <TagsField
        promptId={promptId}
        tags={held === undefined ? tags : readTags(held)}
        onChange={(next) => {
          handle.hold(tagsPath, JSON.stringify(next));
          void commitField(handle, tagsPath);
        }}
      />
      {error !== undefined && <Problem error={error} />}
    </span>
  );
}

function readTags(text: string): readonly string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    // Another program wrote it.
    return [];
  }
}

interface QuietFieldProps {
  readonly handle: DraftHandle;
  readonly path: string;
  readonly label: string;
  /** What is in effect. */
  readonly value: string;
  readonly onLeave?: () => void;
  /** Called once the field is mounted. */
  readonly takesFocus?: () => boolean;
  readonly placeholder?: string;
  readonly className?: string;
  /** Takes the width that is left; otherwise that of its text. */
  readonly grow?: boolean;
  /** For a name, which must not take effect half typed. */
  readonly saveWhenLeft?: boolean;
}

const saveDelayMs = 400;

/** A field that looks like the text it holds until it is used. */
function QuietField({
  handle,
  path,
  label,
  value,
  className,
  grow = true,
  saveWhenLeft = false,
  onLeave,
  takesFocus,
  placeholder,
}: QuietFieldProps) {
  const { text, error, onChange, commit, revert } = useLeftField(handle, path, value);
  const [isEditing, setEditing] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (takesFocus?.()) field.current?.focus();
  });
  const save = () => {
    clearTimeout(timer.current);
    return commit();
  };
  const invalid = error !== null;
  return (
    <span className={cn('relative min-w-0 items-center', grow ? 'flex' : 'inline-flex')}>
      <input
        ref={field}
        placeholder={placeholder}
        dir="auto"
        data-field={path}
        aria-label={label}
        aria-invalid={invalid || undefined}
        aria-description={invalid ? error : undefined}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onFocus={() => setEditing(true)}
        onChange={(event) => {
          onChange(event.target.value);
          clearTimeout(timer.current);
          if (!saveWhenLeft) timer.current = setTimeout(() => void save(), saveDelayMs);
        }}
        onBlur={() => {
          setEditing(false);
          void save().then(onLeave);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void save();
          if (event.key === 'Escape') revert();
        }}
        className={cn(
          '-ml-1.5 h-6 min-w-24 truncate rounded-sm text-left bg-transparent px-1.5 outline-offset-0 placeholder:text-faint hover:bg-hover focus:bg-background',
          grow ? 'flex-1' : 'field-sizing-content',
          invalid && 'outline-2 outline-danger',
          className,
        )}
      />
      <FieldMarks text={text} className="mr-1" />
      {invalid && !isEditing && <Problem error={error} />}
      {invalid && isEditing && (
        <span
          role="alert"
          className="pointer-events-none absolute top-full left-0 z-20 mt-1 w-80 rounded-md border border-danger bg-raised px-2 py-1 font-sans text-xs text-danger shadow-popup"
        >
          {error}
        </span>
      )}
    </span>
  );
}

/** Marks a field that was left as it is not valid yet. */
function Problem({ error }: { readonly error: string }) {
  return (
    <span title={error} className="ml-1 shrink-0 text-danger">
      <CircleAlert role="img" aria-label={error} className="size-3.5" />
    </span>
  );
}
