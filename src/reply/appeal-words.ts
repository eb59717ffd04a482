/** Where somebody can contest a decision: what the policy says, and our own page. */
export interface AppealPlaces {
  /** Of the operator. */
  readonly url?: string | undefined;
  /** Words of the policy: a whole sentence, or whom to write to. */
  readonly contact?: string | undefined;
  /** The page of this gateway for one decision, whose link is its own permission. */
  readonly pageOf?: (decisionId: string) => string;
}

/** What a refused caller is told. `page` is null for what nobody here decided, or what a person will look at anyway. */
export interface AppealWords {
  readonly words: string;
  readonly page: string | null;
  /** With the id of the request, as a part of the message. */
  readonly sentence: string;
}

const NOBODY = 'the operator of this service';

/** An operator's own address goes before our page, our page before words. */
export function appealWords(
  { url, contact = NOBODY, pageOf }: AppealPlaces,
  { decisionId, isAppealable, requestId }: { readonly decisionId: string; readonly isAppealable: boolean; readonly requestId: string },
): AppealWords {
  const page = isAppealable && url === undefined ? (pageOf?.(decisionId) ?? null) : null;
  const words = url === undefined ? contact : `object at ${url}`;
  return { words, page, sentence: `If you believe this is wrong${sentenceEnd(page ?? url ?? null, contact, requestId)}` };
}

function sentenceEnd(address: string | null, contact: string, requestId: string): string {
  if (address !== null) return `, object at ${address} and give the request id ${requestId}.`;
  // A policy's own sentence cannot stand inside ours.
  if (/[.!?。]\s*$/u.test(contact)) return `: ${contact.trim()} The request id is ${requestId}.`;
  return `, contact ${contact.trim()} and give the request id ${requestId}.`;
}
