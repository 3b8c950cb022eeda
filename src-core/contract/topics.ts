/** What changes are told of, apart from the schemas, so that a store needs no zod. */
export const topics = [
  'projects',
  'prompts',
  'drafts',
  'versions',
  'labels',
  'models',
  'runs',
  'comparisons',
  'settings',
  'imports',
] as const;
export type Topic = (typeof topics)[number];

export const changeKinds = ['changed', 'removed'] as const;
export type ChangeKind = (typeof changeKinds)[number];
