/**
 * What the invisible marks of published pictures lead to. A payload names one picture, or by chance two: the sketch tells which it is, and whether a
 * mark stands in another picture than its own. A sketch is a coarse hash of what the picture shows; from it a person could make out an outline, so it is
 * kept, shown and deleted like the picture. `watermark_views` says who was shown what during a review; `artifact_parents`, from which pictures of ours one was made.
 */
export const watermarks = {
  id: '0007-watermarks',
  sql: `
create table watermarks (
  artifact_id text primary key references artifacts (id),
  payload text not null check (payload ~ '^[0-9a-f]{16}$'),
  sketch bytea not null check (octet_length(sketch) between 4 and 65536)
);
create index watermarks_by_payload on watermarks (payload);

create table watermark_views (
  id text primary key,
  payload text unique check (payload ~ '^[0-9a-f]{16}$'),
  reviewer text not null,
  artifact_id text not null references artifacts (id),
  shown_at timestamptz not null default clock_timestamp()
);
create index watermark_views_of_artifact on watermark_views (artifact_id, shown_at desc);

create table artifact_parents (
  artifact_id text not null references artifacts (id),
  parent_id text not null references artifacts (id),
  found_by text not null check (found_by in ('bytes', 'watermark')),
  primary key (artifact_id, parent_id)
);
create index artifact_parents_by_parent on artifact_parents (parent_id);
`,
};
