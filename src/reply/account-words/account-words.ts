/** What an end user is told about themselves, in one language: why they are turned away, and what would open the door. Each sentence is whole. */
export interface AccountWords {
  /** `{date}` */
  readonly suspended: string;
  readonly ended: string;
  /** `{date}` */
  readonly limited: string;
  readonly stepUp: string;
  /** What would help. */
  readonly help: {
    readonly tier: { readonly free: string; readonly verified: string; readonly paid: string };
    readonly verified: string;
    /** `{over}`: years. */
    readonly age: string;
    /** How the age has to be assured. */
    readonly method: { readonly declared: string; readonly estimated: string; readonly inferred: string; readonly verified: string };
    /** `{days}` */
    readonly recent: string;
  };
}
