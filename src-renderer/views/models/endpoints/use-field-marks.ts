import { type RefObject, useEffect, useRef, useState } from 'react';
import { afterPress } from '../../../fields/after-press.ts';
import { type EndpointFields, type FieldProblems, problemsFrom, readFields } from './endpoint-fields.ts';

type FieldName = keyof EndpointFields;

/** Which fields of an endpoint are marked as wrong, and why. */
export interface FieldMarks {
  readonly problems: FieldProblems;
  /** The element around the fields; the first invalid one gets the focus when they cannot be saved. */
  readonly form: RefObject<HTMLFieldSetElement | null>;
  /** To call when a field changes: it is not marked while typing, unless it was marked before. */
  readonly onType: (name: FieldName) => void;
  readonly onLeave: () => void;
  /** The fields as the contract takes them; null, with every wrong one marked, when it does not. */
  readonly read: () => Extract<ReturnType<typeof readFields>, { kind: 'ok' }>['changes'] | null;
  /** Marks what the host refused; whether it named fields. */
  readonly refuse: (error: unknown) => boolean;
  /** Forgets what was found. */
  readonly forget: () => void;
}

/** Marks what is wrong in the form of an endpoint; `start` is what it held before anybody typed. */
export function useFieldMarks(fields: EndpointFields, start: EndpointFields): FieldMarks {
  const form = useRef<HTMLFieldSetElement>(null);
  const [isTried, setTried] = useState(false);
  const [typing, setTyping] = useState<FieldName | null>(null);
  const [refused, setRefused] = useState<FieldProblems>({});
  const [failures, setFailures] = useState(0);
  // After the marks are rendered.
  useEffect(() => {
    if (failures > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [failures]);
  const read = readFields(fields);
  const wrong = read.kind === 'wrong' ? Object.entries(read.problems) : [];
  const marked = wrong.filter(([key]) => {
    const name = key as FieldName;
    return isTried || (name !== typing && fields[name] !== start[name]);
  });
  return {
    problems: { ...Object.fromEntries(marked), ...refused },
    form,
    onType: (name) => {
      setTyping(name);
      if (name in refused) setRefused(({ [name]: _mended, ...others }) => others);
    },
    onLeave: () => afterPress(() => setTyping(null)),
    read: () => {
      if (read.kind === 'ok') return read.changes;
      setTried(true);
      setFailures((count) => count + 1);
      return null;
    },
    refuse: (error) => {
      const problems = problemsFrom(error);
      const isNamed = Object.keys(problems).length > 0;
      setRefused(problems);
      if (isNamed) setFailures((count) => count + 1);
      return isNamed;
    },
    forget: () => {
      setTried(false);
      setTyping(null);
      setRefused({});
    },
  };
}
