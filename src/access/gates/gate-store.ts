import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { nextRegistryVersion } from '../../registries/registry-version.ts';
import type { Queryable } from '../../storage/database.ts';
import { type Capability, parseCapability } from './capability.ts';
import { type CanaryEvidence, evidenceSchema, type Gate, type GateRule, gateRuleSchema } from './gate.ts';

const gateRow = z.object({
  capability: z.string().transform((name): Capability => {
    const parsed = parseCapability(name);
    if (parsed === null) throw new ImprimaturError('INTERNAL', { detail: `the database has a gate of an unreadable capability: ${name}` });
    return parsed;
  }),
  rule: gateRuleSchema,
  version: z.coerce.number(),
  evidence: evidenceSchema,
  reason: z.string().nullable(),
  changed_by: z.string(),
  changed_at: z.date(),
});

const COLUMNS = 'capability, rule, version, evidence, reason, changed_by, changed_at';

/** Every gate, by name. */
export async function readGates(db: Queryable): Promise<readonly Gate[]> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from gates order by capability` });
  return rows.map(toGate);
}

/** Takes the gate for the transaction, so that nobody else changes it. Null when there is none. */
export async function lockGate(tx: Queryable, capability: string): Promise<Gate | null> {
  const { rows } = await tx.query({ text: `select ${COLUMNS} from gates where capability = $1 for update`, values: [capability] });
  return rows[0] === undefined ? null : toGate(rows[0]);
}

export interface GateChange {
  readonly capability: Capability;
  readonly rule: GateRule;
  readonly reason: string | null;
  readonly by: string;
}

/**
 * Writes a gate, with no evidence yet, and lets every process know. The caller writes the ledger entry in the same `tx`, and has called
 * `beginGateChange`.
 */
export async function writeGate(tx: Queryable, { capability, rule, reason, by }: GateChange): Promise<Gate> {
  const { rows } = await tx.query({
    text: `insert into gates (capability, rule, version, reason, changed_by) values ($1, $2, 1, $3, $4)
           on conflict (capability) do update set rule = excluded.rule, version = gates.version + 1, evidence = '{}', reason = excluded.reason,
             changed_by = excluded.changed_by, changed_at = clock_timestamp()
           returning ${COLUMNS}`,
    values: [capability.name, JSON.stringify(rule), reason, by],
  });
  return toGate(rows[0]);
}

/** One change at a time, of all gates: who comes second sees what the first did. */
export async function beginGateChange(tx: Queryable): Promise<void> {
  await nextRegistryVersion(tx, 'gates');
}

/** Evidence is no change of the gate: no version, no entry in the ledger. */
export async function keepEvidence(tx: Queryable, capability: string, evidence: CanaryEvidence): Promise<void> {
  await tx.query({ text: 'update gates set evidence = $2 where capability = $1', values: [capability, JSON.stringify(evidence)] });
}

function toGate(row: unknown): Gate {
  const { changed_by: changedBy, changed_at: changedAt, ...gate } = gateRow.parse(row);
  return { ...gate, changedBy, changedAt };
}
