/** What a publishing platform may do with a file, from the mildest to the strongest; the strongest one wins. */
export const UPLOAD_ACTIONS = ['post', 'label', 'hold', 'refuse'] as const;
export type UploadAction = (typeof UPLOAD_ACTIONS)[number];

/** Whoever contributes a file says what it is. `unknown`: they said nothing, or cannot tell. */
export const DECLARATIONS = ['generated', 'edited', 'camera', 'unknown'] as const;
export type Declaration = (typeof DECLARATIONS)[number];

/**
 * What can be the matter with a file that somebody wants to publish. Several may hold at once. There is none for "nothing": a file about which nothing
 * is known is `unknown`, and one that could not be looked at is `unreadable`.
 */
export const UPLOAD_SITUATIONS = [
  /** Published here; these very bytes. */
  'ours-intact',
  /** Leads to a picture that was published here, and is not what left. */
  'ours-altered',
  /** Published here, with its credential stripped; recognized by what survives that. */
  'ours-recovered',
  /** Bears our invisible mark of another picture: somebody copied it. */
  'mark-of-another',
  /** Bears an invisible mark under our key of which there is no record: a lost one, one of another gateway with that key, or a forgery. */
  'mark-unrecorded',
  /** Bears the invisible mark of a picture that a reviewer was shown, which was never published. */
  'review-copy',
  /** Published here and taken down since. */
  'taken-down',
  /** On a list of pictures that must not be spread, as these bytes or as what it shows. */
  'known-bad',
  /** Made to attack whoever opens it. */
  'hostile-file',
  /** Could not be looked at. */
  'unreadable',
  /** Carries a content credential that does not fit it. */
  'credential-broken',
  /** Made from a picture whose own credential does not fit it. */
  'parent-broken',
  /** Says of itself that a model made it. */
  'generated-elsewhere',
  /** Says of itself that a model made parts of it. */
  'edited-elsewhere',
  /** Only its contributor says that a model made it … */
  'generated-declared',
  /** … or parts of it. */
  'edited-declared',
  /** A camera signed it whose maker this gateway trusts, and nothing in its history says otherwise. */
  'camera-signed',
  /** It, or its contributor, says that a camera took it; anybody can say so. */
  'camera-claimed',
  /** Nothing says where it comes from. */
  'unknown',
  /** Its contributor says something else than the file does. */
  'declaration-mismatch',
] as const;
export type UploadSituation = (typeof UPLOAD_SITUATIONS)[number];

/** The stronger of two actions. */
export function strongestUpload(a: UploadAction, b: UploadAction): UploadAction {
  return UPLOAD_ACTIONS.indexOf(a) >= UPLOAD_ACTIONS.indexOf(b) ? a : b;
}
