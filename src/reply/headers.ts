import type { GenerationId } from '../contracts/ids.ts';
import type { Outcome, PublishedArtifact } from '../contracts/stages.ts';
import type { ParameterNote } from '../contracts/submission.ts';

export type Headers = Record<string, string>;

/**
 * Who decided what, on every answer to a generation; a parameter that did not go through as sent is named. A job that
 * still runs and a failure hold no decision themselves: `last` is the one that let them start.
 */
export function generationHeaders(id: GenerationId, outcome: Outcome | null, last: DecisionFacts | null = null): Headers {
  if (outcome === null || outcome.kind === 'failed')
    return { 'x-imprimatur-generation-id': id, ...(last === null ? {} : decisionHeaders(last)) };
  if (outcome.kind === 'published') return releaseHeaders(id, outcome);
  return { 'x-imprimatur-generation-id': id, ...decisionHeaders(outcome.refusal) };
}

/** The same for anything that may leave: a finished picture or a frame of a stream. */
export function releaseHeaders(id: GenerationId, released: DecisionFacts & ReleaseFacts): Headers {
  return {
    'x-imprimatur-generation-id': id,
    ...decisionHeaders(released),
    ...parameterHeaders(released.notes),
    ...(released.artifacts.some(({ timestamp }) => timestamp === 'missing') ? { 'x-imprimatur-timestamp': 'missing' } : {}),
  };
}

interface ReleaseFacts {
  readonly notes: readonly ParameterNote[];
  readonly artifacts: readonly Pick<PublishedArtifact, 'timestamp'>[];
}

interface DecisionFacts {
  readonly decisionId: string;
  readonly policy: string;
}

function decisionHeaders({ decisionId, policy }: DecisionFacts): Headers {
  return { 'x-imprimatur-decision-id': decisionId, 'x-imprimatur-policy': policy };
}

/** `x-imprimatur-clamped: moderation=auto` and `x-imprimatur-unsupported: style`. Values are plain ASCII. */
function parameterHeaders(notes: readonly ParameterNote[]): Headers {
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
