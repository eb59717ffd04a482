/**
 * Cases of every kind, who holds them, and what was decided. A lease is a random id with an end and a fencing number that only grows: whoever writes
 * says both, so a reviewer who was away too long changes nothing. `restricted` is suspected child abuse material, which only staff cleared for it may
 * learn of. `excluded` are those who may not decide it: the first of two, or whoever made the decision that is appealed.
 *
 * A decision stands here and in the ledger when it is made; `effect` says whether what follows from it has happened. `case_looks` says who looked at what.
 */
export const cases = {
  id: '0011-cases',
  sql: `
alter table cases
  add column kind text not null default 'generation' check (kind in ('generation', 'upload', 'appeal', 'notice', 'approval')),
  add column subject jsonb,
  add column queue text not null default 'general',
  add column restricted boolean not null default false,
  add column categories text[] not null default '{}',
  add column region text,
  add column language text,
  add column prompt_digest text,
  add column user_digest text,
  add column first_due_at timestamptz,
  add column lease_id text,
  add column lease_holder text,
  add column lease_until timestamptz,
  add column fence bigint not null default 0,
  add column excluded text[] not null default '{}',
  add column settles_at timestamptz,
  add column media_read_at timestamptz,
  add column held_answer jsonb,
  alter column stage drop not null,
  drop constraint cases_state_check,
  add constraint cases_state_check check (state in ('open', 'released', 'blocked', 'escalated', 'closed')),
  drop constraint cases_stage_check,
  drop constraint cases_subject_check;
update cases set kind = 'upload' where stage = 'upload';
update cases c set categories = coalesce((select array_agg(value) from jsonb_array_elements_text(d.body -> 'categories')), '{}')
  from decisions d where d.id = c.decision_id;
update cases set restricted = true, queue = 'child_safety' where 'sexual_minors' = any (categories);
update cases set queue = 'uploads' where kind = 'upload';
alter table cases
  alter column kind drop default,
  alter column queue drop default,
  add constraint cases_subject_check check (
    case kind
    when 'generation' then stage in ('prompt', 'output') and generation_id is not null and decision_id is not null and upload_id is null
    when 'upload' then stage = 'upload' and upload_id is not null and generation_id is null and decision_id is null
    else stage is null and subject is not null end),
  add constraint cases_lease_check check ((lease_id is null) = (lease_holder is null) and (lease_id is null) = (lease_until is null)),
  -- Routing keeps restricted cases out of every other queue, so whoever lists a queue for others never meets one.
  add constraint cases_restricted_check check (not restricted or queue = 'child_safety');
drop index cases_open;
create index cases_open on cases (opened_at, id) where state = 'open';
create index cases_waiting on cases (queue, first_due_at, opened_at, id) where state in ('open', 'escalated');
create index cases_by_state on cases (state, opened_at, id);
-- No index holds the lease: a claim or heartbeat then rewrites one page and no index (HOT), which is where claims per second come from.
alter table cases set (fillfactor = 80);
create index cases_settling on cases (settles_at) where settles_at is not null;
create index cases_by_prompt on cases (prompt_digest, closed_at desc) where prompt_digest is not null;
create index cases_by_user on cases (user_digest, opened_at) where user_digest is not null;
create index cases_unread_media on cases (opened_at) where media_read_at is null and state in ('open', 'escalated') and kind in ('generation', 'upload');

create index generations_by_request on generations (request_id);

create table case_decisions (
  id text primary key,
  case_id text not null references cases (id),
  seq int not null check (seq > 0),
  decision text not null,
  policy text,
  reasons text[] not null default '{}',
  note text,
  regions jsonb,
  user_action text,
  escalate_to text,
  by text not null,
  role text not null check (role in ('first', 'second', 'correction', 'timer')),
  lease_id text,
  batch text,
  from_state text not null check (from_state in ('open', 'released', 'blocked', 'escalated', 'closed')),
  decision_id text references decisions (id),
  decided_at timestamptz not null default clock_timestamp(),
  effective_at timestamptz not null,
  undone_at timestamptz,
  effect text not null check (effect in ('none', 'pending', 'done', 'undone')),
  effect_attempts int not null default 0,
  effect_until timestamptz,
  effect_owner text,
  ledger_leaf text,
  unique (case_id, seq)
);
create unique index case_decisions_one_per_lease on case_decisions (lease_id) where lease_id is not null;
create index case_decisions_pending on case_decisions (effective_at) where effect = 'pending';
create index case_decisions_of_batch on case_decisions (batch) where batch is not null;
create index case_decisions_by on case_decisions (by, decided_at desc);
create index case_decisions_recent on case_decisions (decided_at desc);

create table case_leases (
  id text primary key,
  case_id text not null references cases (id),
  holder text not null,
  fence bigint not null,
  claimed_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  how text check (how in ('decided', 'returned', 'expired')),
  reason text,
  unique (case_id, fence)
);
create index case_leases_of_holder on case_leases (holder, claimed_at desc);
create index case_leases_held on case_leases (holder) where ended_at is null;

create table case_drafts (
  case_id text not null references cases (id),
  by text not null,
  body jsonb not null,
  saved_at timestamptz not null default clock_timestamp(),
  primary key (case_id, by)
);

create table case_approvals (
  case_id text not null references cases (id),
  board text not null check (board in ('legal', 'privacy', 'product')),
  approves boolean not null,
  by text not null,
  note text,
  given_at timestamptz not null default clock_timestamp(),
  primary key (case_id, board)
);

create table case_pictures (
  case_id text not null references cases (id),
  media_id text not null,
  width int not null,
  height int not null,
  pdq bit(256),
  bands int[],
  primary key (case_id, media_id),
  check ((pdq is null) = (bands is null))
);
create index case_pictures_by_band on case_pictures using gin (bands) with (fastupdate = off) where bands is not null;

-- A reviewer may also be shown what somebody brought, which is no artifact of ours.
alter table watermark_views
  alter column artifact_id drop not null,
  add column case_id text references cases (id),
  add column media_id text;

create table case_looks (
  id bigserial primary key,
  at timestamptz not null default clock_timestamp(),
  by text not null,
  what text not null,
  case_id text references cases (id),
  target text,
  restricted boolean not null default false
);
create index case_looks_by_time on case_looks (at desc, id desc);
create index case_looks_of_case on case_looks (case_id, at desc) where case_id is not null;
create index case_looks_by_who on case_looks (by, at desc);
`,
};
