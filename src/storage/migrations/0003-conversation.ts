/**
 * What was said lately, for judging staged requests as a whole. Rows live for minutes: whoever writes a turn also deletes
 * some that are over, and a sweep takes the rest. `links` are keyed digests and `sealed` is encrypted, so a copy of these
 * tables tells neither who nor what.
 */
export const conversation = {
  id: '0003-conversation',
  sql: `
create table conversation_turns (
  id text primary key,
  thread text not null,
  key_id text not null,
  application text not null,
  action text not null check (action in ('allow', 'label', 'hold', 'block')),
  evidence jsonb not null,
  sealed bytea not null,
  at timestamptz not null
);
create index conversation_turns_of_thread on conversation_turns (thread, at desc);
create index conversation_turns_by_age on conversation_turns (at);
-- Sealed bytes do not compress.
alter table conversation_turns alter column sealed set storage external;

create table conversation_links (
  link text not null,
  turn text not null references conversation_turns (id) on delete cascade,
  at timestamptz not null
);
create index conversation_links_recent on conversation_links (link, at desc);
create index conversation_links_of_turn on conversation_links (turn);
`,
};
