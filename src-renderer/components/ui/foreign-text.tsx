import { Children, type ReactNode } from 'react';
import { findOdd, mayHaveOdd, withMarks } from '../../../src-core/content/text/odd-characters.ts';
import { cn } from './cn.ts';

/** Most marks in one text, so that no text fills the page with elements. */
const mostMarks = 500;

/**
 * Text of a model, an endpoint or another person, with marks for characters that are invisible or change the direction.
 * The character stays inside its mark, isolated, so that copying gives the original text.
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

/** Tests one pattern first, because nearly every text needs no marks and a grid has thousands. */
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

/** The marks of a text, each once, beside a field that can show plain text only. */
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
