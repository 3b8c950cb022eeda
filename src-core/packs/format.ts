import type { JsonObject } from '../contract/shared.ts';
import type { ImportedPrompt, ImportedRows, ImportedTest, ImportProblem } from './imported.ts';
import type { Losses } from './losses.ts';
import type { Source } from './source.ts';

/** How sure a format is that a file is its own: by its content, by its name, or by both. */
export type Sureness = 'certain' | 'likely' | 'possible';

export interface Detected {
  /** As in `prompty`, `vscode-chatmode`: the format, or the kind of it that the file is. */
  readonly id: string;
  readonly sureness: Sureness;
}

/** What a format's reader gives; the rest of `Imported` is added by `readSource`. */
export interface ReadFile {
  readonly version?: string;
  readonly prompts?: readonly ImportedPrompt[];
  readonly tests?: readonly ImportedTest[];
  /** What is asserted of every test besides its own. */
  readonly sharedAsserts?: readonly JsonObject[];
  readonly data?: ImportedRows | null;
  readonly problems?: readonly ImportProblem[];
}

/** A file that a writer makes, relative to the folder that a person chose. */
export interface WrittenFile {
  readonly path: string;
  readonly text: string;
}

/** One way of other tools to write prompts down. */
export interface Format {
  /** In the words of its makers. */
  readonly title: string;
  /** The ids that `detect` gives. */
  readonly ids: readonly string[];
  /** Looks at content first and the name second; null when the file is not of this format. Never throws. */
  detect(source: Source): Detected | null;
  /** Throws a `refusal` where nothing of the file can be imported. Runs nothing and reads nothing but through `source`. */
  read(source: Source, detected: Detected, losses: Losses): Promise<ReadFile>;
  /** Absent where we do not write the format. */
  write?(prompts: readonly ImportedPrompt[], losses: Losses): readonly WrittenFile[];
}
