/**
 * Kill switches and gates. `imprimatur_is_stopped` is asked by the statement that publishes: it takes a lock that a switch waits for, and reads
 * with a snapshot of its own after that (a volatile function does; PostgreSQL 14, 38.7), so whatever it lets through has committed before the switch
 * answers that it is settled.
 */
export const capabilities = {
  id: '0016-capabilities',
  sql: `
create table kill_switches (
  id text primary key,
  surface text,
  model text,
  operation text check (operation in ('generate', 'edit', 'variation')),
  region text,
  reason text not null,
  thrown_by text not null,
  thrown_at timestamptz not null default clock_timestamp(),
  until timestamptz,
  lift_asked_by text,
  lift_asked_at timestamptz,
  lifted_by text,
  lifted_at timestamptz,
  lift_reason text,
  check ((lifted_by is null) = (lifted_at is null))
);
create index kill_switches_on on kill_switches (thrown_at) where lifted_at is null;

-- Which process has seen which switch, for whoever threw it.
create table kill_sightings (
  kill_id text not null references kill_switches (id) on delete cascade,
  instance text not null,
  seen_at timestamptz not null default clock_timestamp(),
  primary key (kill_id, instance)
);

create function imprimatur_is_stopped(leaving jsonb) returns boolean language plpgsql volatile as $$
begin
  if jsonb_array_length(leaving) = 0 then return false; end if;
  perform pg_advisory_xact_lock_shared(7739836647662381428);
  return exists (
    select 1 from kill_switches k, jsonb_to_recordset(leaving) as x(surface text, model text, operation text, region text, places text[])
    where k.lifted_at is null and (k.until is null or k.until > clock_timestamp())
      and (k.surface is null or k.surface = x.surface) and (k.model is null or k.model = x.model)
      and (k.operation is null or k.operation = x.operation)
      and (k.region is null or x.region is null or k.region = any (x.places) or starts_with(k.region, x.region || '-')
        or (x.region = 'EU' and split_part(k.region, '-', 1) = any (x.places)))
  );
end $$;

create table gates (
  capability text primary key,
  rule jsonb not null,
  version bigint not null,
  evidence jsonb not null default '{}',
  reason text,
  changed_by text not null,
  changed_at timestamptz not null default clock_timestamp()
);
insert into registry_versions (name, version) values ('gates', 0);
`,
};
