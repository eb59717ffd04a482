/** What the page `/verify` says of our own invisible mark, in one language. No word of it calls a mark a proof: marks can be copied and removed. */
export interface MarkWords {
  readonly title: string;
  /** The picture shows what the mark was made for. */
  readonly same: string;
  readonly copied: string;
  readonly unsure: string;
  readonly reviewer: string;
  readonly unrecorded: string;
  readonly absent: string;
  readonly unseen: string;
  /** `{changes}`: some of `changes`, as a list. */
  readonly since: string;
  /** What was undone to read it. `turned` has `{degrees}`. `larger` is also a piece of a large picture: the mark cannot tell them apart. */
  readonly changes: Readonly<Record<'smaller' | 'larger' | 'turned' | 'mirrored' | 'inverted' | 'framed', string>>;
}

/** By language, as ISO 639 names it. */
export type MarkBooks = Readonly<Record<string, MarkWords>>;
