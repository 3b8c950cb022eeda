import type { Generated } from 'kysely';

/** JSON columns hold text on SQLite and Postgres alike; services parse them through the contract's schemas. */
type JsonText = string;
type Flag = 0 | 1;

export interface PromptsTable {
  id: string;
  project: string;
  name: string;
  title: string;
  description: string;
  type: string;
  scope: string;
  owner: string;
  domain: string;
  tags: JsonText;
  metadata: JsonText;
  source: string;
  status: string;
  latest_version_id: string | null;
  /** Hash of the draft, kept beside it so that lists need not read drafts. */
  draft_hash: string;
  created_at: string;
  updated_at: string;
}

/** Immutable, shared by every version and run with the same content. */
export interface ContentsTable {
  hash: string;
  body: JsonText;
}

export interface VersionsTable {
  id: string;
  prompt_id: string;
  number: number;
  content_hash: string;
  first_parent_id: string | null;
  second_parent_id: string | null;
  author: string;
  note: string;
  created_at: string;
  /** Size of the change since the first parent; null for versions from before sizes were kept. */
  lines_added: number | null;
  lines_removed: number | null;
}

export interface DraftsTable {
  prompt_id: string;
  base_version_id: string | null;
  /** The second parent that the next version gets when the draft came out of a merge. */
  merged_version_id: string | null;
  entry_id: number;
  revision: number;
  updated_at: string;
}

/** The draft's undo tree; the current state is the entry that the draft points at. */
export interface DraftEntriesTable {
  id: Generated<number>;
  prompt_id: string;
  parent_id: number | null;
  content: JsonText;
  /** What fields show in place of the content, as the contract's `typed`. */
  typed: JsonText;
  created_at: string;
  /** The draft's `merged_version_id` at this state, so that undoing a merge undoes its second parent too. */
  merged_version_id: string | null;
}

export interface LabelsTable {
  prompt_id: string;
  name: string;
  version_id: string;
  moved_at: string;
}

export interface LabelMovesTable {
  id: Generated<number>;
  prompt_id: string;
  name: string;
  from_version_id: string | null;
  to_version_id: string | null;
  kind: string;
  author: string;
  reason: string;
  moved_at: string;
}

export interface ProjectsTable {
  name: string;
  created_at: string;
}

/** Names that prompts had; what was saved under one may still include it. */
export interface FormerNamesTable {
  project: string;
  name: string;
  prompt_id: string;
}

/** Every change of a prompt's metadata or status, append-only. */
export interface PromptChangesTable {
  id: Generated<number>;
  prompt_id: string;
  author: string;
  before: JsonText;
  after: JsonText;
  changed_at: string;
}

export interface LocalModelsTable {
  id: string;
  title: string;
  path: string;
  sha256: string;
  /** GgufInfo. */
  info: JsonText;
  context_size: number | null;
  gpu: string;
  threads: number | null;
  built_in: Flag;
  /** The file was uploaded into the data directory and goes with the model. */
  managed: Flag;
  added_at: string;
}

export interface EndpointsTable {
  id: string;
  name: string;
  title: string;
  base_url: string;
  preset: string | null;
  max_concurrency: number;
  timeout_ms: number;
  /** Between two bytes of an answer; null: the default. */
  idle_timeout_ms: number | null;
  max_retries: number;
  key_env: string | null;
  /** The origin that the value of `key_env` may be sent to. */
  key_env_origin: string | null;
  added_at: string;
}

export interface RemoteModelsTable {
  id: string;
  endpoint_id: string;
  model: string;
  title: string;
  price: JsonText | null;
  context_length: number | null;
  /** string[]: request fields that a person does not want sent. */
  never_send: Generated<JsonText>;
  added_at: string;
}

/** What endpoints refused, for every model that was asked, added or not. */
export interface RefusedFieldsTable {
  model_id: string;
  endpoint_id: string;
  /** string[] */
  fields: JsonText;
}

export interface RunsTable {
  /** Order of creation; lists page by it. */
  seq: Generated<number>;
  id: string;
  comparison_id: string | null;
  cell_prompt: number | null;
  cell_model: number | null;
  cell_row: number | null;
  /** A cell that was run again keeps its old run; the grid shows the one that is not superseded. */
  superseded: Generated<Flag>;
  prompt_id: string | null;
  prompt_name: string | null;
  version_id: string | null;
  version_number: number | null;
  content_hash: string;
  inputs: JsonText;
  messages: JsonText;
  model: string;
  model_identity: JsonText;
  sampling: JsonText;
  status: string;
  /** The beginning; `run_texts` has the rest. */
  output: string;
  /** What the model thought before it answered; never part of the output. Its beginning too. */
  reasoning: Generated<string>;
  /** Of the whole text, UTF-16 code units; null where the column above is all of it. */
  output_length: number | null;
  reasoning_length: number | null;
  tool_calls: JsonText;
  attempts: JsonText;
  finish_reason: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  reasoning_tokens: number | null;
  cached_tokens: number | null;
  cost: number | null;
  ttft_ms: number | null;
  latency_ms: number | null;
  tokens_per_second: number | null;
  generation_ms: number | null;
  /** string[] */
  notes: Generated<JsonText>;
  error: JsonText | null;
  /** string[]: where the answer breaks the response schema; null when that was not checked. */
  schema_problems: JsonText | null;
  score: number | null;
  /** The host process that runs it. */
  host_id: string | null;
  created_at: string;
  finished_at: string | null;
}

/** What the output and the reasoning of a run have beyond their beginnings, in pieces that follow each other. */
export interface RunTextsTable {
  run_id: string;
  kind: 'output' | 'reasoning';
  /** UTF-16 code units before it. */
  start: number;
  text: string;
}

/** Finished runs whose output the search index does not have yet. */
export interface UnindexedRunsTable {
  run_id: string;
}

/** Runs and comparisons that another process is asked to stop. */
export interface CancelRequestsTable {
  target_id: string;
  requested_at: string;
}

/** Model files that crashed too often, by hash. */
export interface SetAsideFilesTable {
  sha256: string;
  message: string;
  /** Another version of the product, with another llama.cpp, gives the file a new chance. */
  app_version: string;
  set_aside_at: string;
}

export interface ComparisonsTable {
  seq: Generated<number>;
  id: string;
  title: string;
  status: string;
  /** comparedPromptSchema[] with content hashes in place of contents. */
  prompts: JsonText;
  models: JsonText;
  rows: JsonText;
  row_count: number;
  sampling: JsonText;
  concurrency: number;
  host_id: string | null;
  created_at: string;
  /** 0 while its cells are being stored or deleted: nobody is shown it then. */
  whole: Generated<Flag>;
}

export interface SettingsTable {
  key: string;
  value: JsonText;
}

/** Processes that have the file open, each with a lease that it renews; a run of one whose lease has ended is not running. */
export interface HostsTable {
  id: string;
  pid: number;
  /** Where the process id means something. */
  computer: string;
  lease_until: string;
}

/** How often each topic was written to; triggers count. */
export interface TopicChangesTable {
  topic: string;
  count: number;
}

/** Bytes that messages refer to by hash; never changed once they are there. */
export interface BlobsTable {
  hash: string;
  size: number;
  media_type: string;
  bytes: Uint8Array;
  created_at: string;
}

export interface Tables {
  prompts: PromptsTable;
  contents: ContentsTable;
  versions: VersionsTable;
  drafts: DraftsTable;
  draft_entries: DraftEntriesTable;
  labels: LabelsTable;
  label_moves: LabelMovesTable;
  projects: ProjectsTable;
  former_names: FormerNamesTable;
  prompt_changes: PromptChangesTable;
  local_models: LocalModelsTable;
  endpoints: EndpointsTable;
  remote_models: RemoteModelsTable;
  refused_fields: RefusedFieldsTable;
  runs: RunsTable;
  run_texts: RunTextsTable;
  unindexed_runs: UnindexedRunsTable;
  comparisons: ComparisonsTable;
  cancel_requests: CancelRequestsTable;
  set_aside_files: SetAsideFilesTable;
  settings: SettingsTable;
  window_state: SettingsTable;
  hosts: HostsTable;
  topic_changes: TopicChangesTable;
  blobs: BlobsTable;
}
