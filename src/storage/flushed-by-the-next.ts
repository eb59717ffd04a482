/**
 * A common table expression to select from, in a statement outside of any transaction: its commit does not wait for the disk. The log of the
 * database is one sequence, so whatever commits after it and does wait makes it durable too. For what matters only if something follows from
 * it that is recorded: a count, or a claim that was used, for a picture of which the journal was written before the model was asked. Named
 * `flushed_by_the_next`. (PostgreSQL, "Asynchronous Commit": the setting that holds when the transaction commits counts.)
 */
export const FLUSHED_BY_THE_NEXT = `flushed_by_the_next as materialized (select set_config('synchronous_commit', 'off', true))`;
