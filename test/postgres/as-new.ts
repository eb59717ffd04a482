import { z } from 'zod';
import type { Database } from '../../src/storage/database.ts';

/** Everything that a statement can change of the tables themselves. */
const SHAPE = `select md5(string_agg(line, e'\\n' order by line)) as shape from (
  select format('%s %s %s %s %s', c.oid::regclass, a.attname, a.atttypid, a.attnotnull, a.attgenerated) as line
    from pg_class c join pg_attribute a on a.attrelid = c.oid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and a.attnum > 0
  union all select format('trigger %s %s %s', tgrelid::regclass, tgname, tgenabled) from pg_trigger where not tgisinternal
  union all select format('constraint %s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint where connamespace = 'public'::regnamespace
  union all select format('function %s %s', oid::regprocedure, md5(prosrc)) from pg_proc where pronamespace = 'public'::regnamespace
) lines`;

/** Keeps what the migrations themselves wrote, to be put back. */
const KEEP = `do $$ declare t text; n bigint; begin
  create schema kept;
  for t in select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations' loop
    execute format('select count(*) from public.%I', t) into n;
    if n > 0 then execute format('create table kept.%I as select * from public.%I', t, t); end if;
  end loop;
end $$`;

/** The triggers that keep the log append-only are for users, not for the owner of an engine that starts over. */
const RESTORE = `do $$ declare t text; cols text; has boolean; used text[] := '{}'; s record; begin
  perform set_config('session_replication_role', 'replica', true);
  for t in select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations' loop
    execute format('select exists (select 1 from public.%I)', t) into has;
    if has then used := used || format('public.%I', t); end if;
  end loop;
  if used <> '{}' then execute 'truncate ' || array_to_string(used, ', ') || ' cascade'; end if;
  for t in select tablename from pg_tables where schemaname = 'kept' loop
    select string_agg(quote_ident(attname), ', ') into cols from pg_attribute
      where attrelid = format('public.%I', t)::regclass and attnum > 0 and not attisdropped and attgenerated = '';
    execute format('insert into public.%I (%s) overriding system value select %s from kept.%I', t, cols, cols, t);
  end loop;
  for s in select schemaname, sequencename, start_value from pg_sequences where schemaname = 'public' and last_value is not null loop
    perform setval(format('%I.%I', s.schemaname, s.sequencename), s.start_value, false);
  end loop;
end $$`;

const ROW = z.object({ shape: z.string().nullable() });

/** Makes a database as good as new. False when the test changed the tables themselves, or closed the database. */
export type Restore = () => Promise<boolean>;

/**
 * Some 50 ms where migrating takes a second. Sequences that migrations advanced are the one thing it forgets.
 * @param db migrated, and as the migrations left it
 */
export async function keepAsNew(db: Database): Promise<Restore> {
  await db.query({ text: KEEP });
  const before = await shapeOf(db);
  return async () => {
    try {
      if ((await shapeOf(db)) !== before) return false;
      await db.query({ text: RESTORE });
      return true;
    } catch {
      return false;
    }
  };
}

/** Leaves no table and no schema. False when the database was closed. */
export async function emptied(db: Database): Promise<boolean> {
  const text = `do $$ declare s text; begin
    for s in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
      execute format('drop schema %I cascade', s);
    end loop;
    create schema public;
  end $$`;
  return db.query({ text }).then(
    () => true,
    () => false,
  );
}

async function shapeOf(db: Database): Promise<string | null> {
  const { rows } = await db.query({ text: SHAPE });
  return ROW.parse(rows[0]).shape;
}
