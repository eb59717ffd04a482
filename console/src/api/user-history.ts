/** What is known of the person who asked, as a case tells it. */
export interface UserHistory {
  readonly pseudonym: string;
  readonly first_seen: string | null;
  /** Null where nobody counts what was never held. */
  readonly generations: number | null;
  readonly refused: number;
  readonly held: number;
  readonly strikes: number;
  /** `good`, `limited`, `step_up`, `suspended`, `banned`: what the measures in force come to. */
  readonly standing?: string;
  readonly measures?: Measure[];
}

/** What an earlier decision left with the person. */
export interface Measure {
  readonly id: string;
  readonly action: string;
  readonly in_force: boolean;
  readonly until: string | null;
  readonly at: string;
}
