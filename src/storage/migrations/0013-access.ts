/**
 * Keys with names, roles, scopes and a line of rotations; people who sign in, their sessions, and sign-ins under way; applications, the keys
 * by which platforms sign what they claim of their users, and which claims were used. Secrets stand here as hashes or sealed.
 */
export const access = {
  id: '0013-access',
  sql: `
alter table api_keys
  add column name text not null default '',
  add column roles text[] not null default '{}',
  add column scopes text[],
  add column lineage text,
  add column made_by text not null default '',
  add column last_used_at timestamptz;
update api_keys set lineage = id, roles = case role when 'operator' then '{operator}'::text[] else '{}' end;
alter table api_keys
  alter column lineage set not null,
  add constraint api_keys_roles_check check ((role = 'operator') = (roles <> '{}'));
create index api_keys_line on api_keys (lineage, created_at desc);

create table users (
  id text primary key,
  issuer text not null,
  subject text not null,
  display_name text not null,
  language text,
  preferences jsonb not null default '{}',
  roles text[] not null,
  granted text[] not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  last_sign_in_at timestamptz not null default clock_timestamp(),
  blocked_at timestamptz,
  unique (issuer, subject)
);

create table sessions (
  id text primary key,
  token_hash bytea not null unique,
  user_id text not null references users (id) on delete cascade,
  -- A key that was shown instead of a provider's word: the session lasts no longer than the key.
  key_id text references api_keys (id) on delete cascade,
  -- Digest of the settings that gave the roles: other settings, and everybody signs in anew.
  grounds text not null,
  provider_session text,
  signed_in_at timestamptz,
  made_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp(),
  ends_at timestamptz not null,
  ended_at timestamptz
);
create index sessions_of_user on sessions (user_id) where ended_at is null;
create index sessions_of_provider on sessions (provider_session) where ended_at is null;
create index sessions_over on sessions (ends_at);

create table sign_ins (
  state_hash bytea primary key,
  browser_hash bytea not null,
  nonce text not null,
  verifier text not null,
  return_to text not null,
  max_age_s integer,
  expires_at timestamptz not null
);
create index sign_ins_over on sign_ins (expires_at);

create table applications (
  id text primary key,
  name text not null,
  surfaces text[],
  claims jsonb not null default '{}',
  made_by text not null,
  made_at timestamptz not null default clock_timestamp(),
  stopped_at timestamptz
);

create table claim_keys (
  application text not null references applications (id) on delete cascade,
  kid text not null,
  algorithm text not null check (algorithm in ('HS256', 'RS256', 'ES256', 'EdDSA', 'HMAC')),
  secret bytea,
  public_jwk jsonb,
  made_by text not null,
  made_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  revoked_at timestamptz,
  primary key (application, kid),
  check ((secret is null) <> (public_jwk is null))
);

create table used_claims (
  application text not null,
  claim_hash bytea not null,
  -- Of the request that it was used for: an SDK's retry of the same request may bring it again.
  body_digest text not null,
  expires_at timestamptz not null,
  primary key (application, claim_hash)
);
create index used_claims_over on used_claims (expires_at);
`,
};
