/**
 * The ledger's tables. Runs alike on PostgreSQL ≥ 14 and PGlite.
 *
 * Who can write these tables can add entries and, by dropping the triggers, rewrite history; the signed and witnessed
 * checkpoints that others hold are what shows it. The triggers stop mistakes and stolen application credentials, not an owner
 * of the database.
 *
 * `ledger_outbox`, `ledger_tiles` and `ledger_head` leave dead rows at every batch, so an engine without autovacuum (PGlite)
 * needs `VACUUM` on them from time to time.
 */
export const ledger = {
  id: '0002-ledger',
  sql: `
create table ledger_outbox (
  id bigserial primary key,
  entry bytea not null check (octet_length(entry) <= 65535),
  created_at timestamptz not null default clock_timestamp()
);

create table ledger_leaves (
  idx bigint primary key check (idx >= 0),
  leaf_hash bytea not null check (octet_length(leaf_hash) = 32),
  entry bytea not null
);
create index ledger_leaves_by_hash on ledger_leaves using hash (leaf_hash);

create table ledger_tiles (
  level int not null check (level between 0 and 6),
  n bigint not null check (n >= 0),
  hashes bytea not null check (octet_length(hashes) % 32 = 0 and octet_length(hashes) between 32 and 8192),
  primary key (level, n)
);
-- Hashes do not compress; trying to would cost time at every append.
alter table ledger_tiles alter column hashes set storage external;

create table ledger_head (
  one boolean primary key default true check (one),
  size bigint not null check (size >= 0),
  frontier bytea not null,
  root bytea not null check (octet_length(root) = 32)
);
insert into ledger_head (size, frontier, root) values (0, ''::bytea, sha256(''::bytea));

create table ledger_checkpoints (
  size bigint primary key check (size >= 0),
  note text not null,
  created_at timestamptz not null default clock_timestamp()
);

create table ledger_cosignatures (
  size bigint not null references ledger_checkpoints (size),
  witness text not null,
  line text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (size, witness)
);

create function ledger_refuse_rewrite() returns trigger language plpgsql as $$
begin
  raise exception '% on % refused: the ledger only grows', tg_op, tg_table_name using errcode = 'integrity_constraint_violation';
end
$$;
create trigger ledger_leaves_append_only before update or delete or truncate on ledger_leaves
  for each statement execute function ledger_refuse_rewrite();
create trigger ledger_checkpoints_append_only before update or delete or truncate on ledger_checkpoints
  for each statement execute function ledger_refuse_rewrite();
create trigger ledger_cosignatures_append_only before update or delete or truncate on ledger_cosignatures
  for each statement execute function ledger_refuse_rewrite();
create trigger ledger_head_kept before delete or truncate on ledger_head
  for each statement execute function ledger_refuse_rewrite();
create trigger ledger_tiles_kept before delete or truncate on ledger_tiles
  for each statement execute function ledger_refuse_rewrite();
`,
};
