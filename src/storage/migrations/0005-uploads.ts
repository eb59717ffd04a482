/**
 * What was asked about files that somebody wants to publish, and which of our own pictures must not be spread any more. A file is its
 * SHA-256: nothing uploaded is kept. `contributor` is the platform's own name for a person; the ledger holds its commitment under `salt`.
 */
export const uploads = {
  id: '0005-uploads',
  sql: `
create table upload_checks (
  id text primary key,
  key_id text not null,
  surface text not null,
  sha256 text not null,
  declaration text not null check (declaration in ('generated', 'edited', 'camera', 'unknown')),
  contributor text,
  salt bytea,
  action text not null check (action in ('post', 'label', 'hold', 'refuse')),
  situations jsonb not null,
  policy text not null,
  artifact_id text references artifacts (id),
  checked_at timestamptz not null
);
create index upload_checks_by_hash on upload_checks (sha256, checked_at desc);
create index upload_checks_of_key on upload_checks (key_id, checked_at desc);

create table takedowns (
  artifact_id text primary key references artifacts (id),
  reason text not null,
  taken_by text not null,
  taken_at timestamptz not null default clock_timestamp()
);
create index takedowns_by_time on takedowns (taken_at desc);
`,
};
