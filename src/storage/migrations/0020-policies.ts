/**
 * Policies that were proposed or were in force, with the text that boards read; what was in force when, and on whose word; and exceptions.
 * The policy of the configuration stands here too, so that the history has no holes.
 */
export const policies = {
  id: '0020-policies',
  sql: `
create table policy_versions (
  digest text primary key check (digest ~ '^sha256:[0-9a-f]{64}$'),
  name text not null,
  version text not null,
  text text not null,
  origin text not null check (origin in ('configuration', 'proposal')),
  proposed_by text not null,
  proposed_at timestamptz not null default clock_timestamp(),
  note text,
  -- How its cases went; null where nobody gave any.
  tests jsonb
);
create index policy_versions_by_time on policy_versions (proposed_at desc);

-- 'active': in force now. Without a case: the configuration's word, which counts only where no board has spoken.
create table policy_activations (
  id text primary key,
  digest text not null references policy_versions (digest),
  replaces text,
  state text not null check (state in ('asked', 'active', 'rejected', 'overtaken', 'ended')),
  asked_by text not null,
  asked_at timestamptz not null default clock_timestamp(),
  case_id text unique references cases (id),
  active_at timestamptz,
  ended_at timestamptz
);
create unique index policy_activations_asked on policy_activations (digest) where state = 'asked';
create unique index policy_activations_active on policy_activations ((true)) where state = 'active';
create index policy_activations_of_digest on policy_activations (digest, asked_at);

-- An exception is one from the policy that boards saw: with another policy it ends.
create table policy_exceptions (
  id text primary key,
  digest text not null references policy_versions (digest),
  rule text not null,
  surface text not null,
  application text,
  reason text not null,
  until timestamptz not null,
  state text not null default 'asked' check (state in ('asked', 'open', 'rejected', 'ended', 'lapsed')),
  asked_by text not null,
  asked_at timestamptz not null default clock_timestamp(),
  case_id text not null unique references cases (id),
  open_at timestamptz,
  ended_at timestamptz,
  ended_by text
);
create index policy_exceptions_open on policy_exceptions (until) where state = 'open';

insert into registry_versions (name, version) values ('policy', 0);

-- What events say, apart from the triggers of 0012 that send them, so that a preview says the very same.
create function imprimatur_generation_event(generation text, status text, surface text) returns jsonb language sql immutable as $$
  select jsonb_build_object('generation', generation, 'status', status, 'surface', surface)
$$;
create function imprimatur_case_event(id text, kind text, status text, queue text, generation text, upload text) returns jsonb language sql immutable as $$
  select jsonb_strip_nulls(jsonb_build_object('case', id, 'kind', kind, 'status', status, 'queue', queue, 'generation', generation, 'upload', upload))
$$;
create function imprimatur_takedown_event(artifact text, generation text, reason text) returns jsonb language sql immutable as $$
  select jsonb_build_object('artifact', artifact, 'generation', generation, 'reason', reason)
$$;

create or replace function imprimatur_tell_generation() returns trigger language plpgsql as $$
declare
  body jsonb := imprimatur_generation_event(new.id, new.state, new.surface);
begin
  if tg_op = 'UPDATE' and old.state = 'held' and new.state in ('running', 'published') then
    perform imprimatur_announce('generation.released', new.application, body);
  end if;
  if new.state <> 'running' then
    perform imprimatur_announce(case new.state when 'held' then 'generation.held' when 'published' then 'generation.published'
      when 'refused' then 'generation.blocked' else 'generation.failed' end, new.application, body);
  end if;
  return null;
end $$;

create or replace function imprimatur_tell_case() returns trigger language plpgsql as $$
begin
  -- A replay that measures reviewers (migration 0014) is nobody's case.
  if to_jsonb(new) ->> 'replays' is not null then return null; end if;
  perform imprimatur_announce(case when tg_op = 'INSERT' then 'case.opened' when new.state = 'escalated' then 'case.escalated' else 'case.decided' end,
    imprimatur_application_of(new.generation_id, new.upload_id),
    imprimatur_case_event(new.id, new.kind, new.state, new.queue, new.generation_id, new.upload_id));
  return null;
end $$;

create or replace function imprimatur_tell_takedown() returns trigger language plpgsql as $$
declare
  found record;
begin
  select a.generation_id, g.application into found from artifacts a join generations g on g.id = a.generation_id where a.id = new.artifact_id;
  perform imprimatur_announce('artifact.taken_down', found.application,
    imprimatur_takedown_event(new.artifact_id, found.generation_id, new.reason));
  return null;
end $$;
`,
};
