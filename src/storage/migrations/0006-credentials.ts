/**
 * Credentials of published pictures, so that one whose file was stripped of it gets it back. `segment` is what the container of the signed
 * file holds of it, `moving` the sizes and offsets there that depend on it. A binding is by what a picture is found: asserted by the
 * manifest itself, or computed here. Nothing of it is secret: whoever has the picture has its credential.
 *
 * The bands are a hash cut into 16 pieces, searched by overlap (multi-index hashing). Without `fastupdate`, a search never has to read
 * a list of entries that were not filed yet, which without autovacuum grows to megabytes.
 */
export const credentials = {
  id: '0006-credentials',
  sql: `
create table credentials (
  manifest_id text primary key,
  artifact_id text not null unique references artifacts (id),
  format text not null,
  signed_sha256 text not null,
  stripped_sha256 text not null,
  segment bytea not null,
  segment_offset int not null check (segment_offset >= 0),
  moving bytea not null
);
create index credentials_by_signed_hash on credentials (signed_sha256);
create index credentials_by_stripped_hash on credentials (stripped_sha256);
-- Signatures and certificates hardly compress.
alter table credentials alter column segment set storage external;

create table credential_bindings (
  manifest_id text not null references credentials (manifest_id),
  alg text not null,
  value bytea not null check (octet_length(value) between 1 and 1024),
  is_asserted boolean not null,
  pdq bit(256),
  bands int[],
  primary key (manifest_id, alg, value),
  check ((pdq is null) = (bands is null))
);
create index credential_bindings_by_value on credential_bindings (alg, value);
create index credential_bindings_by_band on credential_bindings using gin (bands) with (fastupdate = off) where bands is not null;
`,
};
