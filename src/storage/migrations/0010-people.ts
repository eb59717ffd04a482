/**
 * People and their faces, sealed under a key of each person's own which is not in the database; who opted out; and a number for each
 * registry by which other processes notice a change.
 */
export const people = {
  id: '0010-people',
  sql: `
create table registry_versions (
  name text primary key,
  version bigint not null
);
insert into registry_versions (name, version) values ('people', 0), ('opt-outs', 0);

create table people (
  id text primary key,
  key_blob text not null unique,
  version bigint not null,
  about bytea not null,
  faces bytea not null,
  face_count integer not null,
  added_by text not null,
  added_at timestamptz not null default now()
);

create table people_entries (
  id text primary key,
  person_id text not null references people (id) on delete cascade,
  list text not null check (list in ('consent', 'protected', 'no_consent')),
  scope jsonb not null,
  evidence bytea not null,
  document_blob text,
  expires_at timestamptz,
  added_by text not null,
  added_at timestamptz not null default now(),
  revoked_at timestamptz,
  revoked_by text
);
create index people_entries_person on people_entries (person_id);

-- Sealed objects that must go, kept until they are gone: the process may die between the two.
create table people_shreds (
  blob text primary key,
  asked_at timestamptz not null default now()
);

create table opt_outs (
  id text primary key,
  sealed bytea not null,
  what jsonb not null,
  expires_at timestamptz,
  added_by text not null,
  added_at timestamptz not null default now()
);
`,
};
