import type { CompiledPolicy } from '../policy/compile.ts';
import type { AppealPlaces } from '../reply/appeal-words.ts';

/** Where people are sent who object: what the policy in force says at that moment, and our own page. */
export function appealPlaces(policy: Pick<CompiledPolicy, 'document'>, { pageOf }: Required<Pick<AppealPlaces, 'pageOf'>>): AppealPlaces {
  return {
    get url() {
      return policy.document.appeal.url;
    },
    get contact() {
      return policy.document.appeal.contact;
    },
    pageOf,
  };
}
