import type { Capabilities } from '../access/capabilities.ts';
import type { Cleared } from '../contracts/cleared.ts';
import type { ImageModel, RenderEvent } from '../contracts/image-model.ts';
import type { Prechecked } from '../contracts/stages.ts';
import type { ParameterNote } from '../contracts/submission.ts';
import type { Journal } from '../ledger/journal.ts';
import type { ModelCare } from '../models/care/model-care.ts';
import type { RefusalWatch } from '../models/care/refusal-watch.ts';
import { type RequestParts, toRenderRequest } from './render-request.ts';

export interface AttemptParts extends RequestParts {
  readonly capabilities: Capabilities;
  readonly care: ModelCare;
  readonly refusals: Pick<RefusalWatch, 'restOf' | 'refused'>;
  readonly journal: Journal;
}

/** An event, of the model that gave it. */
export interface Attempted {
  readonly event: RenderEvent;
  readonly model: ImageModel;
  readonly notes: readonly ParameterNote[];
}

/**
 * Asks the models that may serve, one after the other, until one has something to show or says something about this request. Another one is asked only
 * when the first certainly made nothing, and the reason lies with it: it was not reached, is overrun, or its account is blocked; and only when its own
 * gate and switch let it, then. Ends with exactly one final, refused or failed event.
 */
export async function* attempts(cleared: Cleared<Prechecked>, signal: AbortSignal, parts: AttemptParts): AsyncGenerator<Attempted, void> {
  const { submission, decision } = cleared;
  const asked = parts.models.get(submission.request.model);
  if (asked === undefined) throw new Error(`no model is configured under the name ${submission.request.model}`);
  const isConservative = decision.obligations.conservative === true;
  const { models, none } = parts.care.routesFor({ ...submission.request, isConservative });
  const waiting = [...models];
  // Of the model that was asked for somebody has just made sure that it is open.
  let model = await nextOpen(waiting, cleared, { ...parts, sureOf: asked.name });
  if (model === null) yield { event: closedEvent(none), model: asked, notes: [] };
  while (model !== null) {
    const result: Moved | null = yield* attempt(cleared, model, { ...parts, signal, mayMoveOn: waiting.length > 0 });
    if (result === null) return;
    // While the first was asked, somebody may have closed the next; where nobody can say, it is closed.
    const next: ImageModel | null = await nextOpen(waiting, cleared, { ...parts, sureOf: null }).catch(() => null);
    if (next === null) yield result.ending;
    else await recordMove(cleared, { from: model.name, to: next.name }, parts);
    model = next;
  }
}

interface AttemptWish extends AttemptParts {
  readonly signal: AbortSignal;
  readonly mayMoveOn: boolean;
}

/** Another model should be asked; where there is none, this is what the caller hears. */
interface Moved {
  readonly ending: Attempted;
}

/** One model's events, unless it turns out before the first of them that another model should be asked. */
async function* attempt(cleared: Cleared<Prechecked>, model: ImageModel, wish: AttemptWish): AsyncGenerator<Attempted, Moved | null> {
  const { care, refusals, signal } = wish;
  const { request, notes } = toRenderRequest(cleared, model, wish);
  let mayMoveOn = wish.mayMoveOn;
  for await (const event of model.render(request, signal)) {
    if (event.kind !== 'partial') care.ended(model.name, event);
    if (isRefusalOf(event) && request.endUser !== undefined) refusals.refused(request.endUser);
    const one = { event, model, notes };
    if (mayMoveOn && !signal.aborted && liesWithModel(event)) return { ending: one };
    mayMoveOn = false;
    yield one;
  }
  return null;
}

/** The upstream refused what this user sent; a blocked account says nothing about them. */
function isRefusalOf(event: RenderEvent): boolean {
  return event.kind === 'refused' && event.refusal.stage !== 'account';
}

interface Asking extends Pick<AttemptParts, 'capabilities'> {
  readonly sureOf: string | null;
}

/** Takes from those that wait until one is open: a switch or a gate may stand before another model than the one that was asked for. */
async function nextOpen(waiting: ImageModel[], { submission }: Cleared<Prechecked>, { capabilities, sureOf }: Asking) {
  for (let model = waiting.shift(); model !== undefined; model = waiting.shift()) {
    const as = { ...submission, request: { ...submission.request, model: model.name } };
    if (model.name === sureOf || (await capabilities.shutFor(as)) === null) return model;
  }
  return null;
}

/** Nothing was made, and no other request would fare better with this model now. */
function liesWithModel(event: RenderEvent): boolean {
  if (event.kind === 'refused') return event.refusal.stage === 'account';
  if (event.kind !== 'failed') return false;
  const { failure } = event;
  return !failure.reachedModel || failure.retryable || failure.cause === 'unauthorized';
}

function closedEvent(none: 'account_blocked' | 'resting' | null): RenderEvent {
  if (none === 'account_blocked') {
    return { kind: 'refused', refusal: { stage: 'account', categories: [], upstreamCategories: [], retryable: false, charged: false } };
  }
  const detail = none === 'resting' ? 'left alone after too many failures in a row' : 'no model that may serve is open';
  return { kind: 'failed', failure: { cause: 'unreachable', retryable: true, reachedModel: false, detail } };
}

async function recordMove(
  { submission }: Cleared<Prechecked>,
  move: { from: string; to: string },
  { journal }: AttemptParts,
): Promise<void> {
  await journal.record({}, [{ kind: 'model.failed_over', generation: submission.id, ...move }]);
}
