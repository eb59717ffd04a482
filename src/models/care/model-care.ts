import type { ImageModel, RenderEvent, UpstreamFailureCause } from '../../contracts/image-model.ts';
import type { Operation } from '../../contracts/submission.ts';
import { type CircuitBreaker, createCircuitBreaker } from '../../outbound/circuit-breaker.ts';

export type Ending = Extract<RenderEvent, { kind: 'final' | 'refused' | 'failed' }>;

/** What stands beside a model in the configuration. */
export interface ModelNeighbors {
  /** Serves instead when policy asks for care. */
  readonly saferModel?: string;
  /** Serves when this one is down or its account is blocked. */
  readonly fallback?: string;
}

export interface CareLimits {
  /** Failures in a row after which a model is left alone. */
  readonly failuresToRest: number;
  /** How long, where the upstream does not say. 0: never. */
  readonly restMs: number;
  /** How long a model is left alone of which the upstream has blocked the account. */
  readonly accountRestMs: number;
}

export interface ModelCareParts {
  readonly models: ReadonlyMap<string, ImageModel>;
  readonly neighbors: ReadonlyMap<string, ModelNeighbors>;
  readonly limits: CareLimits;
  /** Told once for each time that an account is found blocked, and when it works again. */
  readonly onAccount: (model: string, state: 'blocked' | 'works') => void;
  readonly clock?: () => number;
}

/** Which models may serve a request, the best first; and why none may. */
export interface Routes {
  readonly models: readonly ImageModel[];
  readonly none: 'account_blocked' | 'resting' | null;
}

/**
 * Looks after upstreams by what real requests meet: no prompt is ever sent to find out whether a model works, so no health check can trip a content
 * filter, and a refusal is a sign of health. A model that failed too often in a row, or whose account is blocked, is left alone; then
 * requests try it again, and the first failure closes it at once.
 */
export interface ModelCare {
  routesFor(wish: { readonly model: string; readonly operation: Operation; readonly isConservative: boolean }): Routes;
  ended(model: string, ending: Ending): void;
  /** Models that this process leaves alone, and for how long still. */
  rests(): readonly ModelRest[];
  /** Another process leaves a model alone. */
  rest(one: ModelRest): void;
  /** As operators see it. */
  health(): readonly { readonly model: string; readonly state: 'works' | 'resting' | 'account_blocked' }[];
}

/** `account`: because the upstream has blocked it. */
export interface ModelRest {
  readonly kind: 'calls' | 'account';
  readonly model: string;
  readonly ms: number;
}

interface Watched {
  readonly calls: CircuitBreaker;
  readonly account: CircuitBreaker;
  isBlocked: boolean;
}

/** The model itself and two others: who asks has a deadline. */
const MOST_ROUTES = 3;
const DOWN: ReadonlySet<UpstreamFailureCause> = new Set(['unreachable', 'timed_out', 'reset', 'server_error', 'unauthorized']);

export function createModelCare({ models, neighbors, limits, onAccount, clock = () => performance.now() }: ModelCareParts): ModelCare {
  const { failuresToRest, restMs, accountRestMs } = limits;
  const watched = new Map(
    [...models.keys()].map((name): [string, Watched] => [
      name,
      {
        calls: createCircuitBreaker({ failures: failuresToRest, coolDownMs: restMs, clock }),
        account: createCircuitBreaker({ failures: 1, coolDownMs: accountRestMs, clock }),
        isBlocked: false,
      },
    ]),
  );
  const stateOf = (name: string) => {
    const found = watched.get(name);
    if (found?.account.isOpen() === true) return 'account_blocked' as const;
    return found?.calls.isOpen() === true ? ('resting' as const) : ('works' as const);
  };

  return {
    routesFor({ model, operation, isConservative }) {
      const able = chain(model, neighbors, isConservative)
        .flatMap((name) => models.get(name) ?? [])
        .filter(({ operations }) => operations.includes(operation));
      const working = able.filter(({ name }) => stateOf(name) === 'works');
      if (working.length > 0 || able[0] === undefined) return { models: working, none: null };
      const state = stateOf(able[0].name);
      return { models: [], none: state === 'works' ? null : state };
    },
    ended(model, ending) {
      const one = watched.get(model);
      if (one === undefined) return;
      if (ending.kind === 'failed' && DOWN.has(ending.failure.cause)) one.calls.failed(restMs === 0 ? 0 : ending.failure.retryAfterMs);
      else one.calls.succeeded();
      if (ending.kind === 'failed') return;
      const isBlocked = ending.kind === 'refused' && ending.refusal.stage === 'account';
      if (isBlocked) one.account.failed();
      else one.account.succeeded();
      if (isBlocked === one.isBlocked) return;
      one.isBlocked = isBlocked;
      onAccount(model, isBlocked ? 'blocked' : 'works');
    },
    rests: () =>
      [...watched].flatMap(([model, { calls, account }]) =>
        [
          { kind: 'calls' as const, model, ms: calls.restOf() },
          { kind: 'account' as const, model, ms: account.restOf() },
        ].filter(({ ms }) => ms > 0),
      ),
    rest({ kind, model, ms }) {
      const one = watched.get(model);
      if (one === undefined) return;
      one[kind].rest(ms);
      // Whoever found it has told; who meets that it works again tells that.
      if (kind === 'account') one.isBlocked = true;
    },
    health: () => [...models.keys()].map((model) => ({ model, state: stateOf(model) })),
  };
}

/** A model and those that stand in for it, each once. With care each gives way to its safer one, or a fallback could lead back to the model that care keeps from. */
function chain(first: string, neighbors: ReadonlyMap<string, ModelNeighbors>, isConservative: boolean): readonly string[] {
  const serving = (name: string) => (isConservative ? (neighbors.get(name)?.saferModel ?? name) : name);
  const names: string[] = [];
  for (let asked: string | undefined = first; asked !== undefined && names.length < MOST_ROUTES; ) {
    const name = serving(asked);
    if (names.includes(name)) break;
    names.push(name);
    asked = neighbors.get(name)?.fallback;
  }
  return names;
}
