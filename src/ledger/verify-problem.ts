export type VerifyProblemKind =
  /** The checkpoint is no note, or a signature is false, or none is by a known key. */
  | 'checkpoint_rejected'
  /** A given key has not signed. */
  | 'signature_missing'
  | 'wrong_origin'
  | 'file_missing'
  /** A tile or bundle whose length is not what its width says. */
  | 'file_malformed'
  /** An entry does not hash to what its tile says: one of the two was changed. */
  | 'entry_mismatch'
  /** A hash in a higher tile is not that of the entries below. */
  | 'tile_mismatch'
  | 'wrong_root'
  /** The log does not begin with the entries of an earlier checkpoint: history was rewritten. */
  | 'not_an_extension'
  /** An earlier checkpoint has more entries. */
  | 'rolled_back'
  | 'too_many_problems';

export interface VerifyProblem {
  readonly kind: VerifyProblemKind;
  /** The file at fault, or `since` for the earlier checkpoint. */
  readonly path: string;
  /** For people; never holds the content of an entry. */
  readonly detail: string;
  /** Number of the entry, for `entry_mismatch`. */
  readonly index?: number;
}

export function problem(kind: VerifyProblemKind, path: string, detail: string, index?: number): VerifyProblem {
  return index === undefined ? { kind, path, detail } : { kind, path, detail, index };
}
