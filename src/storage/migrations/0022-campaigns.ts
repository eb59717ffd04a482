/**
 * What accounts were refused for, as keyed hashes (`marks`: triples of words, or the eight words of a picture's PDQ), so that every process finds the same
 * campaigns; and the campaigns that came of it, each with one case. Rows of `behavior_marks` are deleted after 14 days; members of a campaign stay as long as its case.
 */
export const campaigns = {
  id: '0022-campaigns',
  sql: `
alter table cases
  drop constraint cases_kind_check,
  add constraint cases_kind_check check (kind in ('generation', 'upload', 'appeal', 'notice', 'approval', 'campaign'));

create sequence behavior_mark_writes;
create table behavior_marks (
  written bigint primary key default nextval('behavior_mark_writes'),
  kind text not null check (kind in ('words', 'pictures')),
  account bigint not null,
  application text not null,
  user_digest text not null,
  generation_id text not null,
  at timestamptz not null,
  marks bigint[] not null
);
create index behavior_marks_by_time on behavior_marks (at);
create index behavior_marks_of_account on behavior_marks (account, at desc);

create table behavior_campaigns (
  id text primary key,
  kind text not null check (kind in ('words', 'pictures')),
  state text not null check (state in ('open', 'stopped', 'cleared')),
  case_id text not null references cases (id),
  marks bigint[] not null,
  refusals int not null,
  categories text[] not null default '{}',
  generations text[] not null default '{}',
  opened_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null,
  user_action text,
  decided_by text,
  decided_at timestamptz
);
create index behavior_campaigns_by_state on behavior_campaigns (state, seen_at desc);
create unique index behavior_campaigns_of_case on behavior_campaigns (case_id);

create table behavior_campaign_members (
  campaign_id text not null references behavior_campaigns (id),
  application text not null,
  user_digest text not null,
  refusals int not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  generation_id text not null,
  primary key (campaign_id, application, user_digest)
);
insert into registry_versions (name, version) values ('campaigns', 0);

-- How upstreams fare, as processes tell each other: which models are left alone, and whom upstreams refused.
create table upstream_rests (
  kind text not null check (kind in ('calls', 'account')),
  model text not null,
  until timestamptz not null,
  primary key (kind, model)
);
create table upstream_refusals (
  written bigserial primary key,
  instance text not null,
  pseudonym text not null,
  at timestamptz not null default clock_timestamp()
);
create index upstream_refusals_by_time on upstream_refusals (at);
`,
};
