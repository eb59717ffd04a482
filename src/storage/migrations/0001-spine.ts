/** Keys, generations, decisions, artifacts and cases. `docs/stores.md` says what each must never lose. */
export const spine = {
  id: '0001-spine',
  sql: `
create table instances (
  id text primary key,
  started_at timestamptz not null default clock_timestamp(),
  heartbeat_at timestamptz not null default clock_timestamp()
);

create table api_keys (
  id text primary key,
  token_hash bytea not null unique,
  role text not null check (role in ('caller', 'operator')),
  application text not null,
  surface text not null,
  last_four text not null,
  development boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  revoked_at timestamptz
);

create table generations (
  id text primary key,
  request_id text not null,
  key_id text not null,
  application text not null,
  surface text not null,
  operation text not null,
  model text not null,
  state text not null check (state in ('running', 'held', 'published', 'refused', 'failed', 'interrupted')),
  body_digest text not null,
  idempotency_key text,
  intent_released boolean not null default false,
  owner text not null,
  submission bytea,
  answer jsonb,
  created_at timestamptz not null,
  finished_at timestamptz
);
create unique index generations_one_per_intent on generations (key_id, idempotency_key)
  where idempotency_key is not null and not intent_released;
create index generations_by_body on generations (key_id, body_digest, created_at desc);
create index generations_running on generations (owner) where state = 'running';

create table decisions (
  id text primary key,
  generation_id text not null references generations (id),
  stage text not null,
  action text not null,
  policy text not null,
  body jsonb not null,
  decided_at timestamptz not null
);
create index decisions_of_generation on decisions (generation_id);

create table artifacts (
  id text primary key,
  generation_id text not null references generations (id),
  position int not null,
  kind text not null check (kind in ('partial', 'final')),
  raw_sha256 text not null,
  raw_blob text not null,
  created_at timestamptz not null,
  published_sha256 text,
  published_blob text,
  published_format text,
  published_at timestamptz,
  ledger_leaf text
);
create index artifacts_of_generation on artifacts (generation_id);
create index artifacts_by_published_hash on artifacts (published_sha256) where published_sha256 is not null;

create table cases (
  id text primary key,
  generation_id text not null references generations (id),
  stage text not null check (stage in ('prompt', 'output')),
  decision_id text not null references decisions (id),
  state text not null default 'open' check (state in ('open', 'released', 'blocked')),
  opened_at timestamptz not null,
  closed_at timestamptz,
  closed_by text,
  unique (generation_id, stage)
);
create index cases_open on cases (opened_at) where state = 'open';

create function imprimatur_require(holds boolean, otherwise text) returns boolean language plpgsql as $$
begin
  if not holds then raise exception '%', otherwise; end if;
  return true;
end $$;
`,
};
