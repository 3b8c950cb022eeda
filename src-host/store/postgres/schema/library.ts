/*
 * Every table begins with the tenant, and so does every key and reference: a key without it would tell, by what it refuses,
 * what other tenants have. Ids are uuid, times ISO text, JSON is text (hashes are of stored bytes, and jsonb would rewrite them);
 * text that is compared or sorted is in the order of bytes, as on SQLite.
 */
const tenantColumn = 'tenant_id uuid NOT NULL DEFAULT tenant()';

export const library = `
-- One row a tenant. Whoever writes locks it first, so there is one writer at a time, the numbers of commits have no gap that
-- is filled later, and no two writers wait for each other.
CREATE TABLE workspace (
  ${tenantColumn},
  id uuid NOT NULL,
  rev bigint NOT NULL DEFAULT 0,
  home text NOT NULL DEFAULT 'here',
  created_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id)
);
CREATE TABLE people (
  ${tenantColumn},
  id uuid,
  name text NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE TABLE devices (
  ${tenantColumn},
  id uuid,
  person_id uuid NOT NULL,
  name text NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, person_id) REFERENCES people
);

CREATE TABLE projects (
  ${tenantColumn},
  id uuid,
  name text COLLATE "C" NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
);
CREATE TABLE former_projects (
  ${tenantColumn},
  name text COLLATE "C",
  project_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, name),
  FOREIGN KEY (tenant_id, project_id) REFERENCES projects ON DELETE CASCADE
);
CREATE TABLE prompts (
  ${tenantColumn},
  id uuid,
  project_id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  folder text COLLATE "C" NOT NULL,
  title text COLLATE "C" NOT NULL,
  description text NOT NULL,
  type text COLLATE "C" NOT NULL,
  scope text COLLATE "C" NOT NULL,
  owner text COLLATE "C" NOT NULL,
  domain text COLLATE "C" NOT NULL,
  metadata text NOT NULL,
  source text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  latest_version_id uuid,
  revision integer NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  updated_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, project_id, name),
  FOREIGN KEY (tenant_id, project_id) REFERENCES projects
);
CREATE INDEX prompts_by_update ON prompts (tenant_id, status, updated_at, id);
CREATE INDEX prompts_by_name ON prompts (tenant_id, status, name, id);
CREATE INDEX prompts_by_project ON prompts (tenant_id, project_id, status, updated_at, id);
CREATE INDEX prompts_by_folder ON prompts (tenant_id, status, folder);
CREATE INDEX prompts_by_name_alone ON prompts (tenant_id, name);
CREATE TABLE prompt_tags (
  ${tenantColumn},
  prompt_id uuid,
  folded text COLLATE "C",
  tag text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  PRIMARY KEY (tenant_id, prompt_id, folded),
  FOREIGN KEY (tenant_id, prompt_id) REFERENCES prompts ON DELETE CASCADE
);
CREATE INDEX prompt_tags_by_tag ON prompt_tags (tenant_id, folded, prompt_id);

CREATE TABLE contents (
  ${tenantColumn},
  hash text COLLATE "C",
  body text NOT NULL,
  PRIMARY KEY (tenant_id, hash)
);
CREATE TABLE blobs (
  ${tenantColumn},
  hash text COLLATE "C",
  size integer NOT NULL,
  media_type text COLLATE "C" NOT NULL,
  bytes bytea NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, hash)
);
CREATE TABLE versions (
  ${tenantColumn},
  id uuid,
  prompt_id uuid NOT NULL,
  number integer NOT NULL,
  confirmed smallint NOT NULL,
  depth integer NOT NULL,
  content_hash text COLLATE "C" NOT NULL,
  first_parent_id uuid,
  second_parent_id uuid,
  author text COLLATE "C" NOT NULL,
  author_id uuid,
  note text COLLATE "C" NOT NULL,
  folded text COLLATE "C" NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  lines_added integer,
  lines_removed integer,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, prompt_id, number, confirmed),
  FOREIGN KEY (tenant_id, prompt_id) REFERENCES prompts,
  FOREIGN KEY (tenant_id, content_hash) REFERENCES contents,
  -- Checked at the end, as a prompt is purged with all of its versions in any order.
  FOREIGN KEY (tenant_id, first_parent_id) REFERENCES versions DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (tenant_id, second_parent_id) REFERENCES versions DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX versions_by_content ON versions (tenant_id, content_hash);
CREATE INDEX versions_by_time ON versions (tenant_id, created_at);
CREATE INDEX versions_by_first_parent ON versions (tenant_id, first_parent_id);
CREATE INDEX versions_by_second_parent ON versions (tenant_id, second_parent_id) WHERE second_parent_id IS NOT NULL;
CREATE TABLE labels (
  ${tenantColumn},
  prompt_id uuid,
  name text COLLATE "C",
  version_id uuid NOT NULL,
  moved_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, prompt_id, name),
  FOREIGN KEY (tenant_id, prompt_id) REFERENCES prompts,
  FOREIGN KEY (tenant_id, version_id) REFERENCES versions DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX labels_by_version ON labels (tenant_id, version_id);
CREATE TABLE label_moves (
  ${tenantColumn},
  id uuid,
  prompt_id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  from_version_id uuid,
  to_version_id uuid,
  kind text COLLATE "C" NOT NULL,
  author text COLLATE "C" NOT NULL,
  author_id uuid,
  reason text NOT NULL,
  moved_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, prompt_id) REFERENCES prompts
);
CREATE INDEX label_moves_by_label ON label_moves (tenant_id, prompt_id, name, id);
CREATE TABLE former_names (
  ${tenantColumn},
  project_id uuid,
  name text COLLATE "C",
  prompt_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, project_id, name),
  FOREIGN KEY (tenant_id, project_id) REFERENCES projects ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, prompt_id) REFERENCES prompts ON DELETE CASCADE
);
CREATE INDEX former_names_by_name ON former_names (tenant_id, name);
CREATE INDEX former_names_by_prompt ON former_names (tenant_id, prompt_id);
CREATE TABLE prompt_changes (
  ${tenantColumn},
  id uuid,
  prompt_id uuid NOT NULL,
  author text NOT NULL,
  author_id uuid,
  before text NOT NULL,
  after text NOT NULL,
  changed_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, prompt_id) REFERENCES prompts
);
CREATE INDEX prompt_changes_by_prompt ON prompt_changes (tenant_id, prompt_id, id);
CREATE TABLE imports (
  ${tenantColumn},
  id uuid,
  author text NOT NULL,
  author_id uuid,
  source text NOT NULL,
  formats text NOT NULL,
  prompts integer NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  undone_at text COLLATE "C",
  items text NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE TABLE settings (
  ${tenantColumn},
  key text COLLATE "C",
  value text NOT NULL,
  PRIMARY KEY (tenant_id, key)
);

-- Of one person. They go with the prompt whoever purges it, although that person cannot see them.
CREATE TABLE draft_entries (
  ${tenantColumn},
  id uuid,
  person_id uuid NOT NULL,
  prompt_id uuid NOT NULL,
  parent_id uuid,
  content text COLLATE "C" NOT NULL,
  typed text NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  merged_version_id uuid,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, prompt_id) REFERENCES prompts ON DELETE CASCADE
);
CREATE INDEX draft_entries_by_prompt ON draft_entries (tenant_id, prompt_id, person_id, id);
CREATE INDEX draft_entries_by_parent ON draft_entries (tenant_id, parent_id, id);
CREATE TABLE drafts (
  ${tenantColumn},
  person_id uuid,
  prompt_id uuid,
  base_version_id uuid,
  merged_version_id uuid,
  entry_id uuid NOT NULL,
  hash text COLLATE "C" NOT NULL,
  models text COLLATE "C" NOT NULL,
  revision integer NOT NULL,
  writer text COLLATE "C" NOT NULL,
  updated_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, prompt_id, person_id),
  FOREIGN KEY (tenant_id, prompt_id) REFERENCES prompts ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, base_version_id) REFERENCES versions DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (tenant_id, merged_version_id) REFERENCES versions DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (tenant_id, entry_id) REFERENCES draft_entries DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX drafts_by_base ON drafts (tenant_id, base_version_id);
CREATE INDEX drafts_by_merged ON drafts (tenant_id, merged_version_id);
CREATE INDEX drafts_by_entry ON drafts (tenant_id, entry_id);
CREATE TABLE person_settings (
  ${tenantColumn},
  person_id uuid,
  key text COLLATE "C",
  value text NOT NULL,
  PRIMARY KEY (tenant_id, person_id, key)
);
`;
