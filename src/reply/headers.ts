import type { GenerationId } from '../contracts/ids.ts';
import type { Outcome } from '../contracts/stages.ts';
import type { ParameterNote } from '../contracts/submission.ts';

export type Headers = Record<string, string>;

/** Who decided what, on every answer to a generation; a parameter that did not go through as sent is named. */
export function generationHeaders(id: GenerationId, outcome: Outcome | null): Headers {
  const headers: Headers = { 'x-imprimatur-generation-id': id };
  if (outcome === null || outcome.kind === 'failed') return headers;
  const facts = outcome.kind === 'published' ? outcome : outcome.refusal;
  headers['x-imprimatur-decision-id'] = facts.decisionId;
  headers['x-imprimatur-policy'] = facts.policy;
  return outcome.kind === 'published' ? { ...headers, ...parameterHeaders(outcome.notes) } : headers;
}

/** `x-imprimatur-clamped: moderation=auto` and `x-imprimatur-unsupported: style`. Values are plain ASCII. */
export function parameterHeaders(notes: readonly ParameterNote[]): Headers {
  const of = (what: ParameterNote['what']) =>
    notes
      .filter((note) => note.what === what)
      .map(({ name, to }) => printable(to === undefined ? name : `${name}=${to}`))
      .join(', ');
  const [clamped, unsupported] = [of('clamped'), of('unsupported')];
  return {
    ...(clamped === '' ? {} : { 'x-imprimatur-clamped': clamped }),
    ...(unsupported === '' ? {} : { 'x-imprimatur-unsupported': unsupported }),
  };
}

/** Names come from the caller: nothing that could break or forge a header goes in. */
function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, '?').slice(0, 80);
}
