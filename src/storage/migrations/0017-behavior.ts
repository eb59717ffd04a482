/** Accounts that were refused, as processes tell each other: keyed hashes and counts that fade. Nothing here names anybody or holds a word. */
export const behavior = {
  id: '0017-behavior',
  sql: `
create sequence behavior_writes;
create table behavior_suspects (
  key_low bigint not null,
  key_high bigint not null,
  seen_at timestamptz not null,
  refused real not null,
  mutations_refused real not null,
  mutations_passed real not null,
  shared real not null,
  is_last_refused boolean not null,
  words bigint[] not null,
  written bigint not null,
  primary key (key_low, key_high)
);
create index behavior_suspects_by_write on behavior_suspects (written);
create index behavior_suspects_by_time on behavior_suspects (seen_at);
`,
};
