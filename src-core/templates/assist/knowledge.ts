import type { InputDeclaration, Syntax } from '../../contract/content.ts';
import type { Json } from '../../contract/shared.ts';

/** What completion and hover know of the prompt that a text belongs to. */
export interface Knowledge {
  readonly syntax: Syntax;
  readonly inputs: readonly InputDeclaration[];
  /** The values of the form. */
  readonly values: Readonly<Record<string, Json>>;
  /** Values of the samples. */
  readonly samples: readonly Readonly<Record<string, Json>>[];
  /** Paths that the messages read, as in `user.name` or `documents[].title`. */
  readonly usedPaths: readonly string[];
}
