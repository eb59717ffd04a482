/** What people wrote beside what they decided is kept no longer than what others wrote about the same case: where it is found again when its time is over. */
export const decisionNotes = {
  id: '0023-decision-notes',
  sql: `
create index case_decisions_to_forget on case_decisions (decided_at) where note is not null;
create index case_approvals_to_forget on case_approvals (given_at) where note is not null;
`,
};
