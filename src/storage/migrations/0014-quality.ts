/**
 * How reviewers do and how they fare, and what the operations board counts.
 *
 * A case that `replays` another one is an ordinary case to whoever reviews it: a blind second look, or one whose right answer is known. Which of the two
 * it is stands in `review_replays`, which nothing that a reviewer can ask reads. `review_plans` holds what is opened later, at a time of its own.
 * `exposures` counts what somebody saw, by kind of harm. `operation_counts` are sums of closed minutes and hours: a board never counts rows.
 */
export const quality = {
  id: '0014-quality',
  sql: `
alter table cases
  add column replays text references cases (id),
  drop constraint cases_generation_id_stage_key;
create unique index cases_one_per_stage on cases (generation_id, stage) where replays is null;
create index cases_replaying on cases (replays) where replays is not null;
create index cases_by_opening on cases (opened_at);
create index cases_by_closing on cases (closed_at) where closed_at is not null;
create index decisions_by_time on decisions (decided_at);
create index generations_by_time on generations (created_at);
create index generations_by_end on generations (finished_at) where finished_at is not null;

create table gold_items (
  id text primary key,
  case_id text not null unique references cases (id),
  decision text not null,
  policy text,
  rationale text not null,
  state text not null check (state in ('candidate', 'active', 'retired')),
  shown int not null default 0,
  made_by text not null,
  made_at timestamptz not null default clock_timestamp(),
  retired_at timestamptz
);
create index gold_items_active on gold_items (shown) where state = 'active';

create table review_replays (
  case_id text primary key references cases (id),
  original_id text not null references cases (id),
  purpose text not null check (purpose in ('double', 'gold', 'adjudication')),
  gold_id text references gold_items (id),
  opened_at timestamptz not null default clock_timestamp(),
  check ((purpose = 'gold') = (gold_id is not null))
);
create index review_replays_of on review_replays (original_id);

create table review_plans (
  id bigserial primary key,
  purpose text not null check (purpose in ('double', 'gold', 'adjudication')),
  original_id text references cases (id),
  queue text not null,
  due_at timestamptz not null,
  check ((purpose = 'gold') = (original_id is null))
);
create index review_plans_due on review_plans (due_at);
create unique index review_plans_once on review_plans (original_id, purpose) where original_id is not null;

create table quality_reviews (
  case_id text primary key references cases (id),
  original_id text not null references cases (id),
  purpose text not null check (purpose in ('double', 'gold', 'adjudication')),
  queue text not null,
  policy text,
  categories text[] not null default '{}',
  region text,
  language text,
  first_by text,
  first_decision text not null,
  second_by text not null,
  second_decision text not null,
  decided_at timestamptz not null default clock_timestamp()
);
create index quality_reviews_by_time on quality_reviews (decided_at desc);
create index quality_reviews_of_staff on quality_reviews (second_by, decided_at desc);

create table calibrations (
  id text primary key,
  title text not null,
  made_by text not null,
  made_at timestamptz not null default clock_timestamp(),
  participants text[] not null,
  revealed_at timestamptz,
  minutes text
);
create table calibration_items (
  calibration_id text not null references calibrations (id),
  position int not null,
  case_id text not null references cases (id),
  primary key (calibration_id, position)
);
create table calibration_answers (
  calibration_id text not null,
  position int not null,
  by text not null,
  decision text not null,
  reason text,
  given_at timestamptz not null default clock_timestamp(),
  primary key (calibration_id, position, by),
  foreign key (calibration_id, position) references calibration_items (calibration_id, position)
);

create table exposures (
  view text primary key,
  staff text not null,
  case_id text not null references cases (id),
  categories text[] not null,
  seen_at timestamptz not null default clock_timestamp()
);
create index exposures_of_staff on exposures (staff, seen_at desc);

create table staff_welfare (
  staff text primary key,
  opt_outs text[] not null default '{}',
  break_until timestamptz,
  changed_at timestamptz not null default clock_timestamp()
);

create table operation_counts (
  resolution text not null check (resolution in ('minute', 'hour')),
  measure text not null,
  at timestamptz not null,
  value text not null,
  n bigint not null,
  primary key (resolution, measure, at, value)
);
create index operation_counts_by_time on operation_counts (resolution, at);

create table operation_alerts (
  id text primary key,
  slo text not null,
  severity text not null check (severity in ('page', 'ticket')),
  burn jsonb not null,
  since timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);
create unique index operation_alerts_open on operation_alerts (slo, severity) where ended_at is null;
create index operation_alerts_by_time on operation_alerts (since desc);
`,
};
