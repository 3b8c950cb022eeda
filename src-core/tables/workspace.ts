import type { Generated } from 'kysely';
import type { Flag, JsonText } from './columns.ts';

/** One row: the workspace itself. */
export interface WorkspaceTable {
  id: string;
  /** Counts the commits that changed something others see; the cursor of the feed. */
  rev: number;
  /** `here`: this store gives versions their numbers; `elsewhere`: the tenant does that it syncs with. */
  home: string;
  created_at: string;
}

export interface PeopleTable {
  id: string;
  name: string;
  created_at: string;
}

export interface DevicesTable {
  id: string;
  person_id: string;
  name: string;
  created_at: string;
}

export interface ProjectsTable {
  id: string;
  name: string;
  created_at: string;
}

/** Names that projects had; what was saved under one may still include from it. */
export interface FormerProjectsTable {
  name: string;
  project_id: string;
}

export interface PromptsTable {
  id: string;
  project_id: string;
  name: string;
  /** All of the name before its last "/"; '' without one. */
  folder: string;
  title: string;
  description: string;
  type: string;
  scope: string;
  owner: string;
  domain: string;
  metadata: JsonText;
  source: string;
  status: string;
  latest_version_id: string | null;
  /** Grows with every change of this row. */
  revision: number;
  created_at: string;
  updated_at: string;
}

export interface PromptTagsTable {
  prompt_id: string;
  /** As tags are compared: whatever their case, width and accents. */
  folded: string;
  tag: string;
  position: number;
}

/** Immutable, shared by every version and run with the same content. */
export interface ContentsTable {
  hash: string;
  body: JsonText;
}

/** Images, audio and files of messages, by the SHA-256 of their bytes. */
export interface BlobsTable {
  hash: string;
  size: number;
  media_type: string;
  bytes: Uint8Array;
  created_at: string;
}

export interface VersionsTable {
  id: string;
  prompt_id: string;
  number: number;
  /** 0 until the workspace's home has given the number, which may then be another. */
  confirmed: Flag;
  /** Versions before it along its longest line: grows from parent to child. */
  depth: number;
  content_hash: string;
  first_parent_id: string | null;
  second_parent_id: string | null;
  author: string;
  author_id: string | null;
  note: string;
  /** Note and author as they are searched. */
  folded: string;
  created_at: string;
  /** Size of the change since the first parent; null for versions from before sizes were kept. */
  lines_added: number | null;
  lines_removed: number | null;
}

export interface LabelsTable {
  prompt_id: string;
  name: string;
  version_id: string;
  moved_at: string;
}

export interface LabelMovesTable {
  id: string;
  prompt_id: string;
  name: string;
  from_version_id: string | null;
  to_version_id: string | null;
  kind: string;
  author: string;
  author_id: string | null;
  reason: string;
  moved_at: string;
}

/** Names that prompts had; what was saved under one may still include it. */
export interface FormerNamesTable {
  project_id: string;
  name: string;
  prompt_id: string;
}

/** Every change of a prompt's metadata or status, append-only. */
export interface PromptChangesTable {
  id: string;
  prompt_id: string;
  author: string;
  author_id: string | null;
  before: JsonText;
  after: JsonText;
  changed_at: string;
}

/** Settings that everybody in the workspace shares. */
export interface SettingsTable {
  key: string;
  value: JsonText;
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
  never_send: JsonText;
  added_at: string;
}

export interface RunsTable {
  /** Order of storing; of use inside the database only. */
  seq: Generated<number>;
  id: string;
  person_id: string | null;
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
  tool_call_count: Generated<number>;
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

export interface ComparisonsTable {
  seq: Generated<number>;
  id: string;
  person_id: string | null;
  title: string;
  status: string;
  /** comparedPromptSchema[] with content hashes in place of contents. */
  prompts: JsonText;
  models: JsonText;
  rows: JsonText;
  row_count: number;
  sampling: JsonText;
  concurrency: number;
  /** US dollars after which no further cell is asked; null without a bound. */
  budget: number | null;
  host_id: string | null;
  created_at: string;
  /** 0 while its cells are being stored or deleted: nobody is shown it then. */
  whole: Generated<Flag>;
}

/** Runs and comparisons that another process is asked to stop. */
export interface CancelRequestsTable {
  target_id: string;
  requested_at: string;
}

/** Processes that work on this storage, each with a lease that it renews; work of one whose lease has ended is taken over. */
export interface HostsTable {
  id: string;
  lease_until: string;
}

/** Long work: one row each, whose items are rows of their own (the cells of a comparison are runs). */
export interface JobsTable {
  id: string;
  kind: string;
  /** Id of what is worked on, as of a comparison. */
  target_id: string;
  status: string;
  /** The host that works on it, while its lease lasts. */
  host_id: string;
  /** How often it was taken up. */
  attempts: number;
  created_at: string;
  finished_at: string | null;
}

/** Starts that clients may send twice, and what they came to the first time. */
export interface IdempotencyKeysTable {
  person_id: string;
  operation: string;
  key: string;
  /** Hex SHA-256 of the input. */
  input_hash: string;
  target_id: string;
  created_at: string;
}

/** The last change of each thing. */
export interface FeedTable {
  topic: string;
  id: string;
  /** Whom alone it concerns; '' for everybody. */
  person_id: string;
  kind: string;
  rev: number;
  /** The window or program that caused it. */
  origin: string | null;
}

/** What somebody must answer for, append-only. */
export interface AuditTable {
  id: string;
  at: string;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  action: string;
  /** Id or name of what it was done to. */
  subject: string;
  details: JsonText;
}

/** Files of other tools that became prompts, with what is needed to take that back. */
export interface ImportsTable {
  id: string;
  author: string;
  author_id: string | null;
  /** The files, as a person would call them. */
  source: string;
  /** JSON list of ids of formats. */
  formats: JsonText;
  prompts: number;
  created_at: string;
  undone_at: string | null;
  /** JSON list of what was done to each prompt. */
  items: JsonText;
}

export interface WorkspaceTables {
  workspace: WorkspaceTable;
  people: PeopleTable;
  devices: DevicesTable;
  projects: ProjectsTable;
  former_projects: FormerProjectsTable;
  prompts: PromptsTable;
  prompt_tags: PromptTagsTable;
  contents: ContentsTable;
  blobs: BlobsTable;
  versions: VersionsTable;
  labels: LabelsTable;
  label_moves: LabelMovesTable;
  former_names: FormerNamesTable;
  prompt_changes: PromptChangesTable;
  imports: ImportsTable;
  settings: SettingsTable;
  endpoints: EndpointsTable;
  remote_models: RemoteModelsTable;
  runs: RunsTable;
  run_texts: RunTextsTable;
  unindexed_runs: UnindexedRunsTable;
  comparisons: ComparisonsTable;
  cancel_requests: CancelRequestsTable;
  hosts: HostsTable;
  jobs: JobsTable;
  idempotency_keys: IdempotencyKeysTable;
  feed: FeedTable;
  audit: AuditTable;
}
