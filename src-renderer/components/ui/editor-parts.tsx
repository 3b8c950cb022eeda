import type { ReactNode } from 'react';
import { markedText } from './foreign-text.tsx';

interface EditorPageProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly subtitle: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page of details with its heading: the frame of model and endpoint tabs. */
export function EditorPage({ icon, title, subtitle, actions, children }: EditorPageProps) {
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto flex max-w-[880px] flex-col gap-7 px-8 py-6">
        <header className="flex items-start gap-3">
          <span className="flex size-8 shrink-0 items-center justify-center rounded-md bg-active text-muted [&_svg]:size-4">
            {icon}
          </span>
          <div className="min-w-0 flex-1">
            <h1 className="truncate text-xl font-semibold">{markedText(title)}</h1>
            <div className="flex flex-wrap items-center gap-2 text-muted">{subtitle}</div>
          </div>
          <div className="flex shrink-0 flex-wrap items-center justify-end gap-2">{actions}</div>
        </header>
        {children}
      </div>
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly description?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a page. */
export function Section({ title, description, aside, children }: SectionProps) {
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <div className="flex items-end justify-between gap-3 border-b pb-1.5">
        <div>
          <h2 className="font-semibold">{title}</h2>
          {description !== undefined && <p className="text-sm text-muted">{description}</p>}
        </div>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** Names and values under each other in columns. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="grid grid-cols-[repeat(auto-fill,minmax(170px,1fr))] gap-x-6 gap-y-3">{children}</dl>;
}

interface FactProps {
  readonly label: string;
  readonly children: ReactNode;
  /** Takes the whole width. */
  readonly wide?: boolean;
}

/** One name and its value. */
export function Fact({ label, children, wide = false }: FactProps) {
  return (
    <div className={wide ? 'col-span-full min-w-0' : 'min-w-0'}>
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="tabular break-words">{children}</dd>
    </div>
  );
}
