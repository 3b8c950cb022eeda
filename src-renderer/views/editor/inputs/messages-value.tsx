import { useMemo } from 'react';
import { messagesTextProblem } from '../../../../src-core/content/inputs/messages-text.ts';
import { JsonEditor } from '../../../monaco/json-editor.tsx';

export interface MessagesValueProps {
  readonly uri: string;
  readonly label: string;
  readonly text: string;
  /** Shown while there is no text; an example by default. */
  readonly placeholder?: string | undefined;
  /** Path of the field in a draft, when it is one. */
  readonly path?: string;
  readonly maxHeight?: number;
  readonly onChange: (text: string) => void;
}

const example = `[
  { "role": "user", "content": "Hello" },
  { "role": "assistant", "content": "Good morning!" }
]`;

/** A list of messages as JSON; what is wrong with it is marked where it is. */
export function MessagesValue({ text, placeholder = example, ...props }: MessagesValueProps) {
  const problem = useMemo(() => (text.trim() === '' ? null : messagesTextProblem(text)), [text]);
  return <JsonEditor {...props} value={text} placeholder={placeholder} problem={problem} />;
}
