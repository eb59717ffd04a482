/** Cases about files that a platform was told to hold. Of the file a case has the hash; the file itself only where policy says so. */
export const uploadCases = {
  id: '0008-upload-cases',
  sql: `
alter table upload_checks
  add column label text check (label in ('generated', 'edited')),
  add column case_id text,
  add column blob text;

alter table cases
  alter column generation_id drop not null,
  alter column decision_id drop not null,
  add column upload_id text references upload_checks (id),
  drop constraint cases_stage_check,
  add constraint cases_stage_check check (stage in ('prompt', 'output', 'upload')),
  add constraint cases_subject_check check (
    case when stage = 'upload' then upload_id is not null and generation_id is null and decision_id is null
    else upload_id is null and generation_id is not null and decision_id is not null end);
create index cases_of_upload on cases (upload_id) where upload_id is not null;

alter table upload_checks add constraint upload_checks_case foreign key (case_id) references cases (id) deferrable initially deferred;
`,
};
