import type { Queryable } from '../../storage/database.ts';
import { type Asking, type SubjectOf, subjectText } from './asking.ts';
import { type Answer, look } from './counter-store.ts';
import type { LimitBook } from './limit-book.ts';
import type { Limit } from './limit-rule.ts';
import type { Limits } from './limits.ts';

/** Limits, for those who are held to them and for those who set them. */
export interface LimitControl {
  readonly limits: Limits;
  readonly book: LimitBook;
  /** What of a limit is used by whoever this is. Null: there is no such limit any more. */
  look(limit: Limit, asking: Asking): Promise<Answer | null>;
  /** Brings this process up to what the database says. */
  refresh(): Promise<void>;
}

interface ControlParts {
  readonly db: Queryable;
  readonly limits: Limits;
  readonly book: LimitBook;
  readonly subjectOf: SubjectOf;
  /** What is to be done when these limits changed. */
  readonly onChange: (changed: ReadonlySet<string>) => void;
}

export function createLimitControl({ db, limits, book, subjectOf, onChange }: ControlParts): LimitControl {
  return {
    limits,
    book,
    look: (limit, asking) => look(db, { rule: limit.id, subject: subjectOf(subjectText(limit, asking)) }),
    async refresh() {
      const changed = await book.refresh();
      if (changed.size > 0) onChange(changed);
    },
  };
}
