import { Children, type ReactNode } from 'react';
import { findOdd, mayHaveOdd, withMarks } from '../../../src-core/content/text/odd-characters.ts';
import { cn } from './cn.ts';

/** More marks than this in one text are part of the text, so that no text fills the page with elements. */
const mostMarks = 500;

/**
 * Text of a model, an endpoint or another person: what cannot be seen, or changes the order of what can, gets a mark. The
 * character itself stays inside its mark, closed off from the text around it, so that what is copied is what came.
 */
export function ForeignText({ text }: { readonly text: string }): ReactNode {
  return markedText(text);
}

/** The same for the texts among children; the shared components of this folder do it for theirs. */
export function markTexts(children: ReactNode): ReactNode {
  if (typeof children === 'string') return markedText(children);
  if (!Array.isArray(children) || !children.some((child) => typeof child === 'string' && mayHaveOdd(child)))
    return children;
  return Children.map(children, (child) => (typeof child === 'string' ? markedText(child) : child));
}

/** Nearly every text is returned as it is: one test of a pattern, also for ten thousand cells. */
export function markedText(text: string): ReactNode {
  const odd = findOdd(text, mostMarks);
  if (odd.length === 0) return text;
  const parts: ReactNode[] = [];
  let end = 0;
  for (const { at, length, mark, name } of odd) {
    parts.push(text.slice(end, at));
    end = at + length;
    parts.push(
      <span key={at} className="odd-character" data-mark={mark} title={name}>
        {text.slice(at, end)}
      </span>,
    );
  }
  parts.push(odd.length < mostMarks ? text.slice(end) : withMarks(text.slice(end)));
  return parts;
}

/** What stands in a field that shows plain text only: the marks of its characters, each once, beside it. */
export function FieldMarks({ text, className }: { readonly text: string; readonly className?: string }) {
  const odd = findOdd(text, mostMarks);
  if (odd.length === 0) return null;
  const marks = [...new Map(odd.map(({ mark, name }) => [mark, name]))].slice(0, 4);
  const label = `Has invisible characters: ${marks.map(([, name]) => name).join(', ')}`;
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      className={cn('inline-flex shrink-0 items-center gap-1', className)}
    >
      {marks.map(([mark]) => (
        <span key={mark} className="odd-character" data-mark={mark} />
      ))}
    </span>
  );
}
