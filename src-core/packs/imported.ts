import type { PromptContent, promptTypes } from '../contract/content.ts';
import type { JsonObject } from '../contract/shared.ts';
import type { Loss } from './losses.ts';

export type PromptType = (typeof promptTypes)[number];

/** An earlier version of an imported prompt. */
export interface ImportedVersion {
  readonly content: PromptContent;
  readonly note: string;
  readonly labels: readonly string[];
  /** What the other tool called it, as its number. */
  readonly source: string;
}

/** A prompt as a file of another tool says it. */
export interface ImportedPrompt {
  /** A legal name; prompts of one file have different ones. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Labels of the newest version. */
  readonly labels: readonly string[];
  /** Absent where the file says nothing of it: `chat`. */
  readonly type?: PromptType;
  readonly content: PromptContent;
  /** Versions before `content`, oldest first. */
  readonly versions: readonly ImportedVersion[];
  /** False for what the other tool had put away. */
  readonly active: boolean;
  /** Names in `include` tags, each once. */
  readonly includes: readonly string[];
  /** Names that inputs had in the file, by the names that they have here, where they differ. */
  readonly inputSources: Readonly<Record<string, string>>;
  /** What has no home here, at `import`: `{format, version, values}`; inert, at most 64 KiB. */
  readonly metadata: JsonObject;
}

/** Rows of a data file. */
export interface ImportedRows {
  readonly columns: readonly string[];
  readonly rows: readonly JsonObject[];
  /** Between the fields of a row; null for JSON. */
  readonly delimiter: string | null;
}

/** Tests that came with prompts: rows of inputs with what is asserted of the answers. */
export interface ImportedTest {
  readonly description: string;
  readonly inputs: JsonObject;
  /** As the file has them; nothing in them runs. */
  readonly asserts: readonly JsonObject[];
  /** What else the file says of the test, as a threshold or metadata, by the names that the format gives it. */
  readonly rest?: JsonObject;
}

/** Something that is wrong with a file, which is imported all the same. */
export interface ImportProblem {
  readonly message: string;
  readonly line?: number;
}

/** What a file of another tool becomes. */
export interface Imported {
  /** As in `promptfoo` or `vscode-chatmode`. */
  readonly format: string;
  /** Of the format, as `v2`. */
  readonly version?: string;
  readonly prompts: readonly ImportedPrompt[];
  readonly tests: readonly ImportedTest[];
  /** What is asserted of every test besides its own. */
  readonly sharedAsserts: readonly JsonObject[];
  readonly data: ImportedRows | null;
  readonly losses: readonly Loss[];
  readonly problems: readonly ImportProblem[];
}
