/**
 * Rate limits and budgets. A counter is one row for each rule and subject: what was given in each part of the window, by the end of that part. It is
 * counted until the whole part has left the window, so never more than the limit is given in any window, and a unit comes back at most one part late.
 * `imprimatur_limit_take` is called with the row locked and reads the clock after that: clocks of processes count for nothing.
 *
 * `state`: 1 given now, 2 used with it, 3 end of the part, 4 µs until the least wish would fit (-1: never), 5 µs until all is unused again, 6 end of the
 * time for which was warned, 7 whether to warn now, 8 µs until the end of the part, 9 the limit, 10 unused; then pairs of end and amount.
 * `ask`: 1 clock (0: this one), 2 limit, 3 window in µs (0: calendar), 4 parts of the window (calendar: 1 day, 2 month), 5 wished in all, 6 the least
 * wish, 7 wished on top, 8 end of the part of which something is given back, 9 how much, 10 where to warn (0: nowhere).
 */
export const limits = {
  id: '0018-limits',
  sql: `
create table limits (
  id text primary key,
  rule jsonb not null,
  cap bigint not null check (cap > 0),
  window_us bigint not null check (window_us >= 0),
  parts int not null check (parts > 0),
  warn_permille int not null check (warn_permille between 0 and 1000),
  version bigint not null,
  source text not null check (source in ('config', 'operator')),
  reason text,
  changed_by text not null,
  changed_at timestamptz not null default clock_timestamp()
);
insert into registry_versions (name, version) values ('limits', 0);

create table limit_counters (
  subject uuid primary key,
  rule text not null,
  ask bigint[],
  state bigint[] not null,
  touched_at timestamptz not null default clock_timestamp()
) with (fillfactor = 70);

-- What a generation was charged for pictures or cost, until the true amount is known, and after.
create table limit_charges (
  generation_id text not null,
  subject uuid not null,
  rule text not null,
  what text not null check (what in ('images', 'cost')),
  pictures int not null check (pictures > 0),
  per_picture bigint not null check (per_picture >= 0),
  amount bigint not null check (amount >= 0),
  end_us bigint not null,
  settled_as text,
  charged_at timestamptz not null default clock_timestamp(),
  primary key (generation_id, subject)
);
create index limit_charges_open on limit_charges (charged_at) where settled_as is null or settled_as = 'held';
create index limit_charges_by_time on limit_charges (charged_at);

create function imprimatur_limit_take(state bigint[], ask bigint[]) returns bigint[] language plpgsql volatile as $$
declare
  now_us bigint := case when ask[1] > 0 then ask[1] else (extract(epoch from clock_timestamp()) * 1000000)::bigint end;
  cap bigint := ask[2];
  window_us bigint := ask[3];
  size int := coalesce(array_length(state, 1), 10);
  used bigint := 0;
  fresh int := size + 1;
  given bigint := 0;
  retry bigint := 0;
  freed bigint := 0;
  warned bigint := coalesce(state[6], 0);
  pairs bigint[];
  unit text := case ask[4] when 1 then 'day' else 'month' end;
  part_end bigint;
  kept int;
begin
  if window_us > 0 then
    part_end := (((now_us * ask[4]) / window_us + 1) * window_us + ask[4] - 1) / ask[4];
  else
    part_end := extract(epoch from date_trunc(unit, to_timestamp(now_us / 1000000) at time zone 'UTC') + ('1 ' || unit)::interval)::bigint * 1000000;
  end if;
  for i in 11 .. size - 1 by 2 loop
    if state[i] > now_us - window_us then
      fresh := i;
      exit;
    end if;
  end loop;
  pairs := case when fresh < size then state[fresh:size] else '{}' end;
  kept := coalesce(array_length(pairs, 1), 0);
  for i in 1 .. kept - 1 by 2 loop
    if ask[9] > 0 and pairs[i] = ask[8] then pairs[i + 1] := greatest(0, pairs[i + 1] - ask[9]); end if;
    used := used + pairs[i + 1];
  end loop;
  -- A clock that was set back does not open a window anew.
  if kept > 0 then part_end := greatest(part_end, pairs[kept - 1]); end if;
  if ask[5] > 0 then
    if ask[5] <= cap - used then given := ask[5] + least(ask[7], (cap - used - ask[5]) / 8);
    elsif ask[6] <= cap - used then given := cap - used;
    end if;
    if ask[6] > cap then retry := -1;
    elsif given < ask[5] then
      for i in 1 .. kept - 1 by 2 loop
        freed := freed + pairs[i + 1];
        retry := pairs[i] + window_us - now_us;
        exit when ask[6] <= cap - used - given + freed;
      end loop;
    end if;
  end if;
  if given > 0 then
    used := used + given;
    if kept > 0 and pairs[kept - 1] = part_end then pairs[kept] := pairs[kept] + given;
    else
      pairs := pairs || part_end || given;
      kept := kept + 2;
    end if;
  end if;
  return array[
    given, used, part_end, retry,
    case when kept > 0 then pairs[kept - 1] + window_us - now_us else 0 end,
    case when ask[10] > 0 and used >= ask[10] and warned <= now_us then case when window_us > 0 then now_us + window_us else part_end end else warned end,
    case when ask[10] > 0 and used >= ask[10] and warned <= now_us then 1 else 0 end,
    part_end - now_us, cap, 0] || pairs;
end $$;

-- The true amount of one charge. Once or twice, it comes to the same: what changes the counter is the difference to what stands there.
create function imprimatur_limit_settle(generation text, of_subject uuid, truth bigint, ended_as text) returns bigint language plpgsql volatile as $$
declare
  charge limit_charges%rowtype;
  counts bigint[];
  difference bigint;
  place int := 0;
begin
  select * into charge from limit_charges where generation_id = generation and subject = of_subject for update;
  if not found then return null; end if;
  update limit_charges set amount = truth, settled_as = ended_as where generation_id = generation and subject = of_subject;
  difference := truth - charge.amount;
  if difference = 0 then return 0; end if;
  select state into counts from limit_counters where subject = of_subject for update;
  if not found then return difference; end if;
  for i in 11 .. coalesce(array_length(counts, 1), 0) - 1 by 2 loop
    if counts[i] = charge.end_us then place := i; end if;
  end loop;
  if place > 0 then
    counts[place + 1] := greatest(0, counts[place + 1] + difference);
  elsif difference > 0 then
    place := array_length(counts, 1);
    counts := counts || greatest(case when place > 10 then counts[place - 1] else 0 end, (extract(epoch from clock_timestamp()) * 1000000)::bigint)
      || difference;
  else
    return difference;
  end if;
  update limit_counters set state = counts where subject = of_subject;
  return difference;
end $$;
`,
};
