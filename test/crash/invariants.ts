import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type Answer, type Book, isAcknowledged, sha256Of } from './book.ts';
import type { CrashUpstream } from './crash-upstream.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { type Log, type LogEntry, readLog, strangeCheckpoints } from './read-log.ts';

const SETTLED = ['published', 'refused', 'failed', 'held', 'interrupted'];
const STATUS_OF: Readonly<Record<Answer['intent']['kind'], readonly string[]>> = {
  plain: ['published'],
  two: ['published'],
  stream: ['published'],
  job: SETTLED,
  blocked: ['refused'],
  held: ['held'],
  refused: ['refused'],
  large: ['published'],
};

const flaws = z.object({ checked: z.number(), flaws: z.array(z.looseObject({ id: z.string(), problem: z.string() })) });
const generation = z.looseObject({
  status: z.string(),
  decision_id: z.string().optional(),
  data: z.array(z.object({ sha256: z.string(), url: z.string() })).optional(),
});

/** What fsck finds. */
export async function fsckOf(gateway: GatewayProcess): Promise<{ checked: number; flaws: readonly string[] }> {
  const response = await gateway.asOperator('/v1/fsck', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
  const found = flaws.parse(await response.json());
  return { checked: found.checked, flaws: found.flaws.map(({ id, problem }) => `fsck: ${id}: ${problem}`) };
}

/** What the gateway says of these acknowledged generations now that is not what their callers were told. */
export async function brokenPromises(gateway: GatewayProcess, answers: readonly Answer[]): Promise<string[]> {
  const broken: string[] = [];
  for (const answer of answers.filter(isAcknowledged)) {
    const problem = await brokenPromise(gateway, answer);
    if (problem !== null) broken.push(`${answer.intent.kind} ${answer.generation}: ${problem}`);
  }
  return broken;
}

async function brokenPromise(gateway: GatewayProcess, { intent, generation: id, decision, pictures }: Answer): Promise<string | null> {
  const response = await gateway.get(`/v1/generations/${id}`);
  if (response.status !== 200) return `it was acknowledged, and now: ${response.status}`;
  const now = generation.parse(await response.json());
  const running = intent.kind === 'job' && now.status === 'running';
  if (!running && !STATUS_OF[intent.kind].includes(now.status)) return `it is ${now.status}`;
  // The output decision is in the answer of a job only when it has ended.
  if (intent.kind !== 'job' && intent.kind !== 'stream' && now.decision_id !== (decision ?? undefined)) return 'it names another decision';
  for (const sha256 of pictures) {
    const stored = now.data?.find((one) => one.sha256 === sha256);
    if (stored === undefined) return 'a picture that was served is not there';
    const picture = await fetch(stored.url.replace(/^https?:\/\/[^/]+/, gateway.url));
    if (sha256Of(new Uint8Array(await picture.arrayBuffer())) !== sha256)
      return `its picture is not the one that was served (${picture.status})`;
  }
  return null;
}

/** What the ledger lacks of what callers were told and shown. */
export function unledgered({ answers, served }: Book, { entries }: Log): string[] {
  const missing: string[] = [];
  const decisions = new Map(
    entries.flatMap((one, index) => (one.kind === 'decision.made' ? [[one.decision ?? '', { one, index }] as const] : [])),
  );
  const published = new Map(
    entries.flatMap((one, index) => (one.kind === 'artifact.published' ? [[one.sha256 ?? '', { one, index }] as const] : [])),
  );
  const byGeneration = new Map<string, LogEntry[]>();
  for (const one of entries) byGeneration.set(one.generation ?? '', [...(byGeneration.get(one.generation ?? '') ?? []), one]);
  for (const { intent, generation: id, decision } of answers.filter(isAcknowledged)) {
    const own = byGeneration.get(id ?? '') ?? [];
    const has = (kind: string) => own.some((one) => one.kind === kind);
    if (!has('decision.made')) missing.push(`${intent.kind} ${id}: no decision in the ledger`);
    if (intent.kind !== 'job' && !own.some((one) => one.decision === decision))
      missing.push(`${intent.kind} ${id}: not the decision ${decision} that the caller was told`);
    if (intent.kind === 'refused' && !has('model.refused')) missing.push(`${id}: the refusal of the model is not in the ledger`);
  }
  for (const { sha256, generation: id } of served) {
    const entry = published.get(sha256);
    const decision = decisions.get(entry?.one.decision ?? '');
    if (entry === undefined) missing.push(`${id}: a picture was served that the ledger does not know`);
    else if (decision === undefined || decision.index > entry.index)
      missing.push(`${id}: a picture was served without a decision before it`);
    else if (!['allow', 'label'].includes(decision.one.action ?? '') || decision.one.generation !== entry.one.generation)
      missing.push(`${id}: a picture was served under a decision that does not clear it`);
  }
  return missing;
}

interface Settled {
  readonly gateway: GatewayProcess;
  readonly book: Book;
  readonly upstream: CrashUpstream;
}

/** Everything that must hold at the end, whatever happened; each line is a fault. Waits for what is still on its way (15 s). */
export async function faultsOf({ gateway, book, upstream }: Settled): Promise<string[]> {
  let log = await readLog(gateway);
  for (let i = 0; i < 60 && unledgered(book, log).length > 0; i++) {
    await sleep(250);
    log = await readLog(gateway);
  }
  return [
    ...book.surprises,
    ...unledgered(book, log),
    ...strangeCheckpoints(book.checkpoints, log).map((problem) => `checkpoint ${problem}`),
    ...(await brokenPromises(gateway, book.answers)),
    ...(await fsckOf(gateway)).flaws,
    ...upstream.repeated().map((prompt) => `the model got "${prompt}" more than once`),
  ];
}
