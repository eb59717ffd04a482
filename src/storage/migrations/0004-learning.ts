/**
 * What reviewers teach: labels of prompts, proposed words, prompt models and what a model in shadow said. Texts and words
 * are sealed; the row of a case names the case, whose sealed submission holds the text, so that deleting that deletes it here.
 *
 * The champion is the model of the newest reign that was not rolled back, or else the model that ships. Reigns are never
 * deleted; each keeps the report that it began with, since a later model must hold on the same suites.
 */
export const learning = {
  id: '0004-learning',
  sql: `
create table prompt_labels (
  id text primary key,
  case_id text references cases (id),
  sealed bytea,
  labels jsonb not null,
  labeled_by text not null,
  labeled_at timestamptz not null default clock_timestamp(),
  check ((case_id is null) <> (sealed is null))
);
create index prompt_labels_of_case on prompt_labels (case_id, labeled_at desc) where case_id is not null;
create index cases_decided_prompts on cases (closed_at desc) where stage = 'prompt' and state <> 'open';

create table prompt_proposals (
  id text primary key,
  category text not null,
  sealed bytea not null,
  evidence jsonb not null,
  state text not null default 'proposed' check (state in ('proposed', 'accepted', 'rejected')),
  proposed_at timestamptz not null default clock_timestamp(),
  decided_at timestamptz,
  decided_by text
);

create table prompt_models (
  id text primary key,
  sha256 text not null unique,
  version text not null,
  bytes bytea not null check (octet_length(bytes) <= 4194304),
  is_challenger boolean not null default false,
  report jsonb,
  registered_at timestamptz not null default clock_timestamp(),
  registered_by text not null
);
-- Weights hardly compress.
alter table prompt_models alter column bytes set storage external;
create unique index prompt_models_one_challenger on prompt_models (is_challenger) where is_challenger;

create table prompt_model_reigns (
  seq bigserial primary key,
  model_id text not null references prompt_models (id),
  report jsonb not null,
  began_at timestamptz not null default clock_timestamp(),
  rolled_back_at timestamptz
);

create table prompt_model_shadow (
  model_id text not null references prompt_models (id),
  champion text not null,
  category text not null,
  neither bigint not null default 0,
  both_flag bigint not null default 0,
  champion_only bigint not null default 0,
  challenger_only bigint not null default 0,
  primary key (model_id, champion, category)
);
`,
};
