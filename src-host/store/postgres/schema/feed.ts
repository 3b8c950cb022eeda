const tenantColumn = 'tenant_id uuid NOT NULL DEFAULT tenant()';

/** What changed, and what somebody must answer for. */
export const feed = `
CREATE TABLE feed (
  ${tenantColumn},
  topic text COLLATE "C",
  id text COLLATE "C",
  person_id text COLLATE "C",
  kind text COLLATE "C" NOT NULL,
  rev bigint NOT NULL,
  origin text,
  PRIMARY KEY (tenant_id, topic, id, person_id)
);
CREATE INDEX feed_by_rev ON feed (tenant_id, rev);
CREATE TABLE audit (
  ${tenantColumn},
  id uuid,
  at text COLLATE "C" NOT NULL,
  actor_kind text COLLATE "C" NOT NULL,
  actor_id text COLLATE "C" NOT NULL,
  actor_name text NOT NULL,
  action text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  details text NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_by_subject ON audit (tenant_id, subject, id);
`;
