/** What the comparisons of the child look like, which the parent checks. */
export const modelNames = ['lab/tick', 'lab/echo'] as const;
export const rowsEach = 12;

/** What a cell asks for, which names it. */
export const askedOf = (token: string, row: number): string => `${token}/${row}`;

/** What the scripted endpoint answers, which repeats what it was asked. */
export const answerOf = (asked: string): string => `Say ${asked}.`;
