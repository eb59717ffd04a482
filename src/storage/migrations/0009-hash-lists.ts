/** Lists of known content that operators manage: packed rows in pages, which belong to a list once `hash_lists` names their batch. */
export const hashLists = {
  id: '0009-hash-lists',
  sql: `
create table hash_lists (
  name text primary key,
  batch text not null unique,
  digest text not null,
  signature bytea,
  counts jsonb not null,
  skipped integer not null,
  imported_by text not null,
  imported_at timestamptz not null default now()
);

create table hash_list_pages (
  batch text not null,
  page integer not null,
  notes jsonb not null,
  rows bytea not null,
  staged_at timestamptz not null default now(),
  primary key (batch, page)
);
-- Hashes do not compress.
alter table hash_list_pages alter column rows set storage external;
`,
};
