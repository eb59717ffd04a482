/**
 * Durable work, the clocks of cases, and what others are told.
 *
 * A job that is done is deleted in the transaction of its effect; `run_at` is also the end of a lease, so one index finds what is due and what a dead
 * process left. A statutory clock cannot be paused or moved, by nobody: the table refuses it.
 *
 * Events arise by triggers, so no way of changing a generation or a case can forget to tell. They hold ids, never a prompt or a picture; of
 * restricted cases none arises. Without an endpoint that wants them nothing is written.
 */
export const clocks = {
  id: '0012-clocks',
  sql: `
create table jobs (
  id text primary key,
  queue text not null,
  unique_key text,
  payload jsonb not null,
  state text not null default 'ready' check (state in ('ready', 'dead')),
  run_at timestamptz not null default clock_timestamp(),
  attempts int not null default 0,
  lease_token text,
  last_error text,
  created_at timestamptz not null default clock_timestamp()
);
create index jobs_due on jobs (queue, run_at, id) where state = 'ready';
create index jobs_dead on jobs (queue, created_at) where state = 'dead';
create unique index jobs_one_of_key on jobs (queue, unique_key) where unique_key is not null and state = 'ready';

create table case_clocks (
  id text primary key,
  case_id text not null references cases (id),
  obligation text not null,
  is_statutory boolean not null,
  duration text not null,
  zone text not null,
  safe_outcome text not null,
  started_at timestamptz not null,
  promised_at timestamptz not null check (promised_at > started_at),
  due_at timestamptz not null,
  paused_at timestamptz,
  alarmed int[] not null default '{}',
  passed_at timestamptz,
  ended_at timestamptz,
  unique (case_id, obligation),
  constraint case_clocks_statutory_runs_on check (not is_statutory or (paused_at is null and due_at = promised_at))
);
create index case_leases_by_time on case_leases (claimed_at);
create index case_clocks_running on case_clocks (due_at) where ended_at is null;

create function imprimatur_clock_facts_stay() returns trigger language plpgsql as $$
begin
  raise exception 'IMPRIMATUR_CLOCK_FACTS_STAY';
end $$;
create trigger case_clocks_facts_stay before update of case_id, obligation, is_statutory, duration, zone, started_at, promised_at on case_clocks
  for each row execute function imprimatur_clock_facts_stay();

create table webhook_endpoints (
  id text primary key,
  name text not null unique,
  url text not null,
  application text,
  events text[] not null,
  trust text not null check (trust in ('configured', 'untrusted')),
  secret bytea not null,
  previous_secret bytea,
  previous_until timestamptz,
  state text not null default 'active' check (state in ('active', 'disabled')),
  disabled_because text,
  failures int not null default 0,
  resting_until timestamptz,
  delivered_at timestamptz,
  created_by text not null,
  created_at timestamptz not null default clock_timestamp()
);

create table events (
  id text primary key,
  type text not null,
  application text,
  data jsonb not null,
  occurred_at timestamptz not null default clock_timestamp()
);
create index events_by_time on events (occurred_at);

create table webhook_deliveries (
  id text primary key,
  event_id text not null references events (id) on delete cascade,
  endpoint_id text not null references webhook_endpoints (id) on delete cascade,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'dead')),
  attempts int not null default 0,
  last_status int,
  last_error text,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);
create index webhook_deliveries_of_endpoint on webhook_deliveries (endpoint_id, state, created_at desc);
create index webhook_deliveries_of_event on webhook_deliveries (event_id);

create table mails (
  id text primary key,
  sealed bytea not null,
  created_at timestamptz not null default clock_timestamp()
);

create table alerts (
  key text primary key,
  severity text not null check (severity in ('page', 'ticket')),
  title text not null,
  times int not null default 1,
  raised_at timestamptz not null default clock_timestamp(),
  told_at timestamptz not null default clock_timestamp()
);

create function imprimatur_id(prefix text) returns text language sql as $$
  select prefix || '_' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 26)
$$;

-- An endpoint without an application is the operator's own and hears of every application; one without events hears of all.
create function imprimatur_announce(what text, of_application text, body jsonb) returns void language plpgsql as $$
declare
  event text;
  told text[];
begin
  select array_agg(e.id) into told from webhook_endpoints e
    where e.state = 'active' and (e.application is null or e.application = of_application)
      and (e.events = '{}' or what = any (e.events));
  if told is null then return; end if;
  event := imprimatur_id('msg');
  insert into events (id, type, application, data) values (event, what, of_application, body);
  with d as (
    insert into webhook_deliveries (id, event_id, endpoint_id) select imprimatur_id('dlv'), event, unnest(told) returning id
  )
  insert into jobs (id, queue, unique_key, payload) select imprimatur_id('job'), 'webhook', d.id, jsonb_build_object('delivery', d.id) from d;
end $$;

create function imprimatur_tell_generation() returns trigger language plpgsql as $$
declare
  body jsonb := jsonb_build_object('generation', new.id, 'status', new.state, 'surface', new.surface);
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
create trigger generations_told after insert on generations for each row when (new.state <> 'running')
  execute function imprimatur_tell_generation();
create trigger generations_told_on after update of state on generations for each row when (old.state is distinct from new.state)
  execute function imprimatur_tell_generation();

create function imprimatur_application_of(generation text, upload text) returns text language sql stable as $$
  select application from generations where id = generation
  union all
  select k.application from upload_checks u join api_keys k on k.id = u.key_id where u.id = upload
$$;

create function imprimatur_tell_case() returns trigger language plpgsql as $$
begin
  -- A replay that measures reviewers (migration 0014) is nobody's case.
  if to_jsonb(new) ->> 'replays' is not null then return null; end if;
  perform imprimatur_announce(case when tg_op = 'INSERT' then 'case.opened' when new.state = 'escalated' then 'case.escalated' else 'case.decided' end,
    imprimatur_application_of(new.generation_id, new.upload_id),
    jsonb_strip_nulls(jsonb_build_object('case', new.id, 'kind', new.kind, 'status', new.state, 'queue', new.queue, 'generation', new.generation_id,
      'upload', new.upload_id)));
  return null;
end $$;
create trigger cases_told after insert on cases for each row when (not new.restricted) execute function imprimatur_tell_case();
-- While a decision can still be undone nobody is told of it.
create trigger cases_told_on after update of state, settles_at on cases for each row
  when (not new.restricted and new.state <> 'open' and new.settles_at is null and (old.state is distinct from new.state or old.settles_at is not null))
  execute function imprimatur_tell_case();

create function imprimatur_tell_takedown() returns trigger language plpgsql as $$
declare
  found record;
begin
  select a.generation_id, g.application into found from artifacts a join generations g on g.id = a.generation_id where a.id = new.artifact_id;
  perform imprimatur_announce('artifact.taken_down', found.application,
    jsonb_build_object('artifact', new.artifact_id, 'generation', found.generation_id, 'reason', new.reason));
  return null;
end $$;
create trigger takedowns_told after insert on takedowns for each row execute function imprimatur_tell_takedown();
`,
};
