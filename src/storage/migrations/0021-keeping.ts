/**
 * What is kept no longer than it is needed: indexes by which it is found again when its time is over. Who looks at a case right now; and from where sign-ins
 * failed, which every process has to know, by a digest of the address.
 */
export const keeping = {
  id: '0021-keeping',
  sql: `
create index notices_to_forget on notices ((coalesce(decided_at, withdrawn_at))) where state <> 'open' and (body is not null or picture_blob is not null);
create index appeals_to_forget on appeals (decided_at) where state <> 'open' and body is not null;
create index case_drafts_by_time on case_drafts (saved_at);

create table case_viewers (
  case_id text not null references cases (id),
  by text not null,
  since timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  primary key (case_id, by)
);
create index case_viewers_gone on case_viewers (seen_at);

create table sign_in_failures (
  source bytea primary key,
  failures int not null,
  since timestamptz not null,
  locked_until timestamptz
);
create index sign_in_failures_over on sign_in_failures (since);
`,
};
