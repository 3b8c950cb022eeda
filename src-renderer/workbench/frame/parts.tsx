import { createContext, type ReactNode, useContext } from 'react';
import type { Editor, View } from '../view.ts';

/** What the window is made of; the views bring it, so that the frame need not know them. */
export interface Parts {
  /** The activity bar, from top to bottom. */
  readonly views: readonly View[];
  readonly editors: readonly Editor[];
}

const Context = createContext<Parts>({ views: [], editors: [] });

interface PartsProviderProps {
  readonly parts: Parts;
  readonly children: ReactNode;
}

/** Gives the frame its views and editors. */
export function PartsProvider({ parts, children }: PartsProviderProps) {
  return <Context value={parts}>{children}</Context>;
}

/** The views that the activity bar offers. */
export function useViews(): readonly View[] {
  return useContext(Context).views;
}

/** The editor for tabs of a kind; undefined when a tab of an older version of PromptDev asks for one that is gone. */
export function useEditorFor(kind: string | undefined): Editor | undefined {
  return useContext(Context).editors.find((editor) => editor.kind === kind);
}
