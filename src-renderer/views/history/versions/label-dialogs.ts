import { create } from 'zustand';

/** A move that is about to be made; `versionId: null` goes back to where the label was. */
export interface LabelMoveRequest {
  readonly promptId: string;
  readonly versionId: string | null;
  /** '' lets the person choose. */
  readonly name: string;
}

interface LabelDialogs {
  readonly move: LabelMoveRequest | null;
  /** The label whose moves are shown; `name: null` shows those of all. */
  readonly history: { readonly promptId: string; readonly name: string | null } | null;
}

/** Which dialog about labels is open. */
export const useLabelDialogs = create<LabelDialogs>(() => ({ move: null, history: null }));

/** Asks where to, why, and shows what changes. */
export function askToMoveLabel(move: LabelMoveRequest): void {
  useLabelDialogs.setState({ move });
}

/** Shows who moved labels when and why. */
export function showLabelHistory(promptId: string, name: string | null): void {
  useLabelDialogs.setState({ history: { promptId, name } });
}

/** Closes whichever is open. */
export function closeLabelDialogs(): void {
  useLabelDialogs.setState({ move: null, history: null });
}
