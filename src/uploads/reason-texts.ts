import type { UploadSituation } from '../contracts/upload.ts';

/** What a person who has to act on the answer reads. */
export const REASON_TEXTS: Readonly<Record<UploadSituation, string>> = {
  'ours-intact': 'Published by this gateway; not a byte has changed.',
  'ours-altered': 'Leads to a picture that this gateway published, and is not what was published.',
  'ours-recovered': 'Looks like a picture that this gateway published; its credential was removed.',
  'mark-of-another':
    'Bears the invisible mark of a picture that this gateway published, and is not that picture: somebody copied the mark.',
  'mark-unrecorded': 'Bears an invisible mark under the key of this gateway, of which there is no record here.',
  'review-copy': 'Bears the invisible mark of a picture that was shown to a reviewer of this gateway and never published.',
  'taken-down': 'This gateway published it and has taken it down since.',
  'known-bad': 'Is on a list of pictures that must not be spread.',
  'hostile-file': 'The file is made to attack whoever opens it.',
  unreadable: 'The file could not be looked at.',
  'credential-broken': 'Carries a content credential that does not fit it: it was changed after it was signed.',
  'parent-broken': 'Was made from a picture whose content credential does not fit that picture.',
  'generated-elsewhere': 'Says of itself that a model made it.',
  'edited-elsewhere': 'Says of itself that a model made parts of it.',
  'generated-declared': 'Its contributor says that a model made it; the file says nothing.',
  'edited-declared': 'Its contributor says that a model made parts of it; the file says nothing.',
  'camera-signed': 'Signed by a camera whose maker this gateway trusts.',
  'camera-claimed': 'Said to be a photograph; anybody can say so.',
  unknown: 'Nothing says where it comes from.',
  'declaration-mismatch': 'Its contributor says something else than the file does.',
};
