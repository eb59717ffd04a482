/**
 * What people say about decisions and pictures. `body` columns are sealed: what somebody wrote, who they are. `statements` keeps the reasons of each
 * decision that was told to somebody, in codes. Hashes of reported pictures are kept in all eight orientations; `stay_down_hashes` are those
 * that a person decided must not come back.
 */
export const notices = {
  id: '0015-notices',
  sql: `
create table statements (
  puid text primary key,
  generation_id text not null references generations (id),
  record jsonb not null,
  made_at timestamptz not null default clock_timestamp()
);
create index statements_of_generation on statements (generation_id, puid desc);

create table appeals (
  id text primary key,
  decision_id text not null references decisions (id),
  generation_id text not null references generations (id),
  case_id text not null references cases (id),
  state text not null default 'open' check (state in ('open', 'upheld', 'partly', 'overturned')),
  body bytea,
  language text not null,
  filed_by text not null,
  filed_at timestamptz not null default clock_timestamp(),
  decided_at timestamptz,
  case_decision_id text
);
create unique index appeals_one_per_decision on appeals (decision_id);
create index appeals_by_time on appeals (filed_at desc, id desc);
create index appeals_of_case on appeals (case_id);

create table trusted_flaggers (
  id text primary key,
  name text not null,
  token_hash bytea not null unique,
  last_four text not null,
  added_by text not null,
  added_at timestamptz not null default clock_timestamp(),
  revoked_at timestamptz
);

create table notices (
  id text primary key,
  receipt text not null unique,
  secret_hash bytea not null,
  case_id text not null references cases (id),
  kind text not null,
  lane text not null check (lane in ('public', 'trusted')),
  flagger_id text references trusted_flaggers (id),
  state text not null default 'open' check (state in ('open', 'decided', 'withdrawn')),
  outcome text check (outcome in ('removed', 'listed', 'kept')),
  body bytea,
  picture_blob text,
  picture_sha256 text,
  url_digests text[] not null default '{}',
  region text,
  language text not null,
  received_at timestamptz not null default clock_timestamp(),
  decided_at timestamptz,
  withdrawn_at timestamptz,
  case_decision_id text
);
create index notices_by_time on notices (received_at desc, id desc);
create index notices_of_case on notices (case_id);
create index notices_by_url on notices using gin (url_digests) where state = 'open';

create table notice_targets (
  notice_id text not null references notices (id),
  artifact_id text not null references artifacts (id),
  found_by text not null check (found_by in ('id', 'bytes', 'mark', 'hash')),
  distance int,
  primary key (notice_id, artifact_id)
);
create index notice_targets_of_artifact on notice_targets (artifact_id);

create table notice_hashes (
  notice_id text not null references notices (id),
  orientation smallint not null check (orientation between 0 and 7),
  pdq bit(256) not null,
  bands int[] not null,
  primary key (notice_id, orientation)
);
create index notice_hashes_by_band on notice_hashes using gin (bands) with (fastupdate = off);

create table stay_down_hashes (
  algorithm text not null check (algorithm in ('pdq', 'sha256')),
  value text not null check (value ~ '^[0-9a-f]{64}$'),
  category text,
  case_id text not null references cases (id),
  added_by text not null,
  added_at timestamptz not null default clock_timestamp(),
  primary key (algorithm, value)
);
create index stay_down_hashes_of_case on stay_down_hashes (case_id);
`,
};
