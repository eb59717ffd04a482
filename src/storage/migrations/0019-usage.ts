/**
 * What people did to end users, and until when; what was used, day by day, as it was told to billing; and surfaces that the configuration does not name.
 *
 * `usage_counted` is what of each generation was told already, so that what changes later is told as a difference and nothing twice. A day in `usage_days`
 * is closed: its lines are never written again.
 */
export const usage = {
  id: '0019-usage',
  sql: `
alter table generations
  add column images int,
  add column size text,
  add column quality text;

update case_decisions set user_action = 'limit' where user_action = 'throttle';
alter table case_decisions add column user_action_days int check (user_action_days > 0);

create table user_measures (
  id text primary key,
  application text not null,
  user_digest text not null,
  action text not null check (action in ('warn', 'strike', 'limit', 'suspend', 'ban', 'step_up')),
  until timestamptz,
  reasons text[] not null default '{}',
  case_id text references cases (id),
  case_decision_id text references case_decisions (id),
  generation_id text references generations (id),
  -- The decision whose statement of reasons tells the person.
  decision_id text references decisions (id),
  imposed_by text not null,
  imposed_at timestamptz not null default clock_timestamp(),
  lifted_by text,
  lifted_at timestamptz,
  lift_reason text,
  -- What a limited user has used of the window that runs.
  window_since timestamptz,
  window_used int not null default 0,
  check ((lifted_by is null) = (lifted_at is null)),
  unique (case_decision_id, user_digest, action)
);
create index user_measures_in_force on user_measures (user_digest) where lifted_at is null;
create index user_measures_by_pseudonym on user_measures (left(user_digest, 12), imposed_at);
create index user_measures_of_case on user_measures (case_id) where case_id is not null;
create index user_measures_of_decision on user_measures (decision_id) where decision_id is not null;
create index cases_by_pseudonym on cases (left(user_digest, 12)) where user_digest is not null;

create table usage_days (
  day date primary key,
  closed_at timestamptz not null,
  lines int not null,
  sha256 text not null
);

create table usage_lines (
  day date not null references usage_days (day),
  seq int not null,
  -- The day on which the requests came; another than \`day\` for what became known, or changed, after that one was closed.
  for_day date not null,
  application text not null,
  surface text not null,
  key_id text not null,
  model text not null,
  operation text not null,
  size text not null,
  quality text not null,
  counts jsonb not null,
  primary key (day, seq)
);

create table usage_counted (
  generation_id text primary key,
  for_day date not null,
  counts jsonb not null,
  -- It was still running when it was told.
  is_running boolean not null
);
create index usage_counted_running on usage_counted (generation_id) where is_running;

create table surfaces (
  id text primary key,
  name text not null,
  made_by text not null,
  made_at timestamptz not null default clock_timestamp()
);
`,
};
