import { create } from 'zustand';

/** What the history of a prompt is made of: what was saved, or what was typed. */
export type HistoryPart = 'versions' | 'steps';

/** Which part of its history a prompt shows; the same for all prompts. */
export const useHistoryPart = create<{ readonly part: HistoryPart }>(() => ({ part: 'versions' }));
