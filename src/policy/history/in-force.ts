import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { CheckRunner } from '../../detectors/check-runner.ts';
import type { Queryable } from '../../storage/database.ts';
import type { CompiledPolicy } from '../compile.ts';
import type { CoverageReport } from '../coverage.ts';
import type { PolicyException } from '../exceptions.ts';
import { openExceptions } from './exception-store.ts';

/** A policy with what it judges by. */
export interface Judging {
  readonly policy: CompiledPolicy;
  readonly runner: CheckRunner;
  readonly coverage: CoverageReport;
}

interface InForceParts {
  /** The configuration's; in force where no board has spoken. */
  readonly configured: Judging;
  /** Makes a policy ready to judge. @throws ImprimaturError POLICY_INVALID, CONFIG_INVALID, DETECTOR_MODEL_ALTERED */
  readonly prepare: (text: string) => Promise<Judging>;
  /** What policies ask at each decision. */
  readonly exceptions: ExceptionBook;
  /** Told when what boards put into force cannot be applied here. */
  readonly onError: (error: unknown) => void;
}

/**
 * The policy in force in this process, now. What is handed out delegates to it, so that whoever holds it need not know that it can change; a
 * generation asks `now` once and keeps the answer.
 */
export interface PolicyInForce extends Judging {
  /** What to judge with from here on. @throws ImprimaturError POLICY_INVALID when boards put a policy into force that cannot be applied here: closed */
  now(): Judging;
  readonly configured: Judging;
  /** Calls back whenever another policy is in force here. */
  whenChanged(tell: (policy: CompiledPolicy) => void): void;
  /** Whether the configuration's policy decides here. */
  isConfigured(): boolean;
  /** Reads what is in force, also exceptions. What cannot be applied closes this process until it can. @throws as the database does */
  load(db: Queryable): Promise<void>;
  /** Makes a proposed policy ready, to see that it can be. @throws as `prepare` does */
  prepare(text: string): Promise<Judging>;
}

const READ = `select a.digest, v.text from policy_activations a join policy_versions v on v.digest = a.digest
  where a.state = 'active' and a.case_id is not null`;
const activeRow = z.object({ digest: z.string(), text: z.string() });

export function createPolicyInForce({ configured, prepare, exceptions: book, onError }: InForceParts): PolicyInForce {
  let current = configured;
  let trouble: ImprimaturError | null = null;
  const listeners: ((policy: CompiledPolicy) => void)[] = [];

  const adopt = (next: Judging) => {
    trouble = null;
    if (next.policy === current.policy) return;
    current = next;
    for (const tell of listeners) tell(next.policy);
  };

  async function apply(found: z.output<typeof activeRow> | undefined): Promise<void> {
    if (found === undefined || found.digest === configured.policy.ref.digest) return adopt(configured);
    if (found.digest === current.policy.ref.digest) return adopt(current);
    const next = await prepare(found.text);
    if (next.policy.ref.digest !== found.digest)
      throw new ImprimaturError('POLICY_INVALID', { detail: `the text that is kept of ${found.digest} is another policy` });
    adopt(next);
  }

  return {
    configured,
    policy: delegating(() => current.policy),
    runner: {
      get checks() {
        return current.runner.checks;
      },
      run: (inputs) => current.runner.run(inputs),
    },
    coverage: {
      get isEnforced() {
        return current.coverage.isEnforced;
      },
      rows: () => current.coverage.rows(),
      lapses: () => current.coverage.lapses(),
    },
    now() {
      if (trouble !== null) throw trouble;
      return current;
    },
    whenChanged: (tell) => void listeners.push(tell),
    isConfigured: () => current.policy === configured.policy,
    async load(db) {
      const { rows } = await db.query({ name: 'policy-in-force', text: READ });
      const found = rows[0] === undefined ? undefined : activeRow.parse(rows[0]);
      const exceptions = await openExceptions(db);
      try {
        await apply(found);
      } catch (cause) {
        trouble = new ImprimaturError('POLICY_INVALID', { detail: troubleWith(found?.digest, cause), cause });
        onError(trouble);
      }
      book.replace(exceptions);
    },
    prepare,
  };
}

function troubleWith(digest: string | undefined, cause: unknown): string {
  const why = cause instanceof Error ? cause.message : 'unknown';
  return [
    `the policy that boards put into force (${digest ?? 'none'}) cannot be applied here: ${why}`,
    'Give this process what the policy relies on, or set `policyBy: file` to go by the configuration alone; the ledger tells of that.',
  ].join('\n');
}

/** What is excepted now, as last read. Policies ask it at each decision. */
interface ExceptionBook {
  current(): readonly PolicyException[];
  replace(exceptions: readonly PolicyException[]): void;
}

export function createExceptionBook(): ExceptionBook {
  let known: readonly PolicyException[] = [];
  return {
    current: () => known,
    replace(exceptions) {
      known = exceptions;
    },
  };
}

function delegating(now: () => CompiledPolicy): CompiledPolicy {
  return {
    get ref() {
      return now().ref;
    },
    get document() {
      return now().document;
    },
    get checks() {
      return now().checks;
    },
    evaluate: (input) => now().evaluate(input),
    trace: (input) => now().trace(input),
    judgeUpload: (situations) => now().judgeUpload(situations),
    obligations: (occasion) => now().obligations(occasion),
    clamp: (parameters, tier) => now().clamp(parameters, tier),
  };
}
