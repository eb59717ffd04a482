import { createHmac } from 'node:crypto';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { StaffId } from '../../contracts/ids.ts';
import type { Submission } from '../../contracts/submission.ts';
import type { Journal } from '../../ledger/journal.ts';
import type { Database, Queryable } from '../../storage/database.ts';
import type { NameInRule, RequireKnown } from '../known-names.ts';
import { isUsed, parseCapability } from './capability.ts';
import type { Canary, Gate, GateRule } from './gate.ts';
import { beginGateChange, lockGate, readGates, writeGate } from './gate-store.ts';
import { createBuckets, letsThrough, type Visitor } from './judge-gate.ts';

export interface GateBookParts {
  readonly db: Database;
  readonly journal: Journal;
  /** Configured models and their aliases: a gate for anything else is a typing error. */
  readonly models: readonly string[];
  readonly requireKnown: RequireKnown;
  /** Keys the digests of users, and their places on the scale of a `percent`. */
  readonly key: Uint8Array;
}

/** What is left out stays as it was; a canary of null goes. */
type WishedRule = Omit<GateRule, 'canary'> & { readonly canary?: Canary | null };

export interface GateWish {
  readonly capability: string;
  readonly rule: WishedRule;
  readonly reason: string | null;
  /** What the operator had read. Absent: whatever is there is replaced. */
  readonly version?: number;
  readonly by: StaffId;
}

export interface GateBook {
  /** Reads every gate anew. */
  load(db: Queryable): Promise<void>;
  /** As the database has them. */
  list(): Promise<readonly Gate[]>;
  /** @throws ImprimaturError REQUEST_INVALID, MODEL_UNKNOWN, GATE_CHANGED */
  set(wish: GateWish): Promise<Gate>;
  /** The gates that this submission has to pass. */
  before(submission: Submission): readonly Gate[];
  /** The first of them that does not let it through. */
  shutFor(submission: Submission): Gate | null;
}

export function createGateBook({ db, journal, models, requireKnown, key }: GateBookParts): GateBook {
  const bucketOf = createBuckets(key);
  const digestOf = (user: string) => createHmac('sha256', key).update(`gate guest ${user}`).digest('hex').slice(0, 32);
  let gates: readonly Gate[] = [];
  const before = ({ request }: Submission) => gates.filter(({ capability }) => isUsed(capability, request));

  return {
    async load(source) {
      gates = await readGates(source);
    },
    list: () => readGates(db),
    before,
    shutFor(submission) {
      if (gates.length === 0) return null;
      const visitor = visitorOf(submission, digestOf);
      return before(submission).find((gate) => !letsThrough(gate, visitor, bucketOf)) ?? null;
    },
    async set({ capability: name, rule, reason, version, by }) {
      const capability = parseCapability(name);
      if (capability === null) {
        throw new ImprimaturError('REQUEST_INVALID', {
          hint: 'Write it as model:operation or model:operation:option=value.',
          param: 'capability',
        });
      }
      if (capability.model !== '*' && !models.includes(capability.model)) {
        throw new ImprimaturError('MODEL_UNKNOWN', { hint: `Configured models: ${models.join(', ')}.`, param: 'capability' });
      }
      await requireKnown(namesIn(rule));
      return db.transaction(async (tx) => {
        // The gate first, as the canary does; and once more, because there may have been none to lock.
        await lockGate(tx, name);
        await beginGateChange(tx);
        const found = await lockGate(tx, name);
        if (version !== undefined && version !== (found?.version ?? 0)) {
          throw new ImprimaturError('GATE_CHANGED', { hint: `It has version ${found?.version ?? 0}, and you had read ${version}.` });
        }
        const sealed = withoutNames(keepUnsaid(rule, found?.rule), digestOf);
        const gate = await writeGate(tx, { capability, rule: sealed, reason, by });
        const { state, percent } = sealed;
        const about = {
          capability: name,
          version: gate.version,
          state,
          ...(percent === undefined ? {} : { percent }),
          by: `operator:${by}`,
        };
        await journal.recordIn(tx, {}, [{ kind: 'gate.changed', ...about, ...(reason === null ? {} : { reason }) }]);
        return gate;
      });
    },
  };
}

/** The end user whom the platform vouches for; else the one that it names in the request. */
function visitorOf({ caller, conversation }: Submission, digestOf: (user: string) => string): Visitor {
  const user = caller.user?.id ?? conversation?.endUsers[0];
  return {
    surface: caller.surface,
    region: caller.user?.region ?? null,
    application: caller.application,
    keyId: caller.keyId,
    user: user === undefined ? null : digestOf(user),
  };
}

/** Who only turns a gate keeps who is listed, what holds elsewhere and what watches it; but off is off everywhere. */
function keepUnsaid({ canary: wished, ...rule }: WishedRule, before: Partial<GateRule> = {}): GateRule {
  const { allow, overrides, canary = null } = before;
  const watched = wished === undefined ? canary : wished;
  return {
    ...(allow === undefined ? {} : { allow }),
    ...(overrides === undefined || rule.state === 'off' ? {} : { overrides }),
    ...rule,
    ...(watched === null ? {} : { canary: watched }),
  };
}

function namesIn({ overrides = [] }: WishedRule): readonly NameInRule[] {
  return overrides.flatMap(({ surface, region }, index): NameInRule[] => [
    ...(surface === undefined ? [] : [{ kind: 'surface' as const, name: surface, param: `overrides.${index}.surface` }]),
    ...(region === undefined ? [] : [{ kind: 'region' as const, name: region, param: `overrides.${index}.region` }]),
  ]);
}

function withoutNames(rule: GateRule, digestOf: (user: string) => string): GateRule {
  const seal = <Part extends { readonly allow?: string[] }>(part: Part): Part =>
    part.allow === undefined
      ? part
      : { ...part, allow: part.allow.map((guest) => (guest.startsWith('user:') ? `user-digest:${digestOf(guest.slice(5))}` : guest)) };
  return rule.overrides === undefined ? seal(rule) : { ...seal(rule), overrides: rule.overrides.map(seal) };
}
