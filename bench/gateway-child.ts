/**
 * A gateway for a bench: the real one, with the safety steps that its arguments name and no others. A user cannot switch
 * these off; a bench must, or nobody would know what each of them costs.
 *
 *   gateway-child.js --upstream http://127.0.0.1:1 --steps ledger,sealing --home DIR [--database-url URL] [--claim-secret BASE64URL]
 *
 * Prints its address and a key as JSON and ends with the process that started it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startGateway } from '../src/compose/start-gateway.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { ImprimaturError } from '../src/contracts/errors.ts';
import { CHECKS, type CheckEntry } from '../src/detectors/registry.ts';
import type { EvidenceStore } from '../src/evidence/evidence-store.ts';
import type { Journal } from '../src/ledger/journal.ts';
import { pdqList, sha256List } from './hash-lists.ts';

const { values } = parseArgs({
  options: {
    upstream: { type: 'string', default: '' },
    steps: { type: 'string', default: '' },
    home: { type: 'string', default: '.' },
    'database-url': { type: 'string' },
    'caller-key': { type: 'string' },
    'operator-key': { type: 'string' },
    workers: { type: 'string', default: '1' },
    'claim-secret': { type: 'string' },
  },
});
const steps = new Set(values.steps.split(','));

const nextMonth = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

const policy = {
  imprimatur: 'policy/v1',
  name: 'bench',
  version: '1.0.0',
  description: 'Only what a bench names.',
  checks: [
    { id: 'prompt-rules', whenFailed: 'hold' },
    { id: 'known-hashes', whenFailed: 'hold', whenAbstained: 'hold' },
    { id: 'file-sanity', whenFailed: 'hold', whenAbstained: 'hold' },
  ],
  obligations: steps.has('signing')
    ? { credential: true, ...(steps.has('unmarked') ? { watermark: 'off' } : {}) }
    : { credential: false, watermark: 'off', unsignedException: { reason: 'Measured without signing.', until: nextMonth } },
  appeal: { contact: 'nobody' },
};

/** Floors keep a policy from leaving `file-sanity` out, so where decoding is not measured its place is taken by a check that looks at nothing. */
const checks: readonly CheckEntry[] = CHECKS.map((entry) =>
  entry.id !== 'file-sanity' || steps.has('decoding')
    ? entry
    : { ...entry, create: (parts) => ({ ...entry.create(parts), detect: async () => ({ kind: 'signals' as const, signals: [] }) }) },
);

/** Keeps nothing. Only for a measurement of everything else. */
const noEvidence: EvidenceStore = {
  seal: async ({ bytes }) => ({ blob: '0'.repeat(32), sha256: '0'.repeat(64), bytes: bytes.length }),
  open: () => Promise.reject(new ImprimaturError('EVIDENCE_UNREADABLE')),
  shred: async () => false,
  sealValue: async ({ bytes }) => bytes,
  openValue: async ({ sealed }) => sealed,
};
/** Writes nothing down. */
const noJournal: Journal = { record: async () => undefined, recordIn: async () => undefined };

const policyPath = join(values.home, 'policy.yaml');
const configPath = join(values.home, 'imprimatur.yaml');
const listPath = join(values.home, 'hashes.csv');
/** Limits that count every request and never say no, and end users who come with a claim. */
const controls = (secret: string) => ({
  limits: {
    rules: [
      { id: 'users', what: 'requests', per: ['user'], limit: 1_000_000, window: 60 },
      { id: 'pictures', what: 'images', per: ['application', 'capability'], limit: 1_000_000_000, window: 'day' },
      { id: 'spend', what: 'cost', per: ['application'], limit: 1_000_000_000, window: 'month' },
    ],
  },
  applications: [{ id: 'default', name: 'Bench', claims: { required: true }, keys: [{ kid: 'bench', algorithm: 'HMAC', secret }] }],
});

writeFileSync(policyPath, JSON.stringify(policy));
writeFileSync(listPath, steps.has('perceptual') ? pdqList(10_000) : sha256List(10_000));
writeFileSync(
  configPath,
  JSON.stringify({
    port: 0,
    logLevel: 'warn',
    workers: Number(values.workers),
    dataDir: join(values.home, 'data'),
    policy: policyPath,
    hashLists: [{ name: 'bench', path: listPath }],
    ...(values['claim-secret'] === undefined ? {} : controls(values['claim-secret'])),
    models: ['gpt-image-1', 'gpt-image-small', 'gpt-image-full'].map((name) => ({
      name,
      kind: 'openai',
      baseUrl: `${values.upstream}/v1`,
    })),
  }),
);
const given = {
  IMPRIMATUR_DATABASE_URL: values['database-url'],
  IMPRIMATUR_BOOTSTRAP_KEY: values['caller-key'],
  IMPRIMATUR_BOOTSTRAP_OPERATOR_KEY: values['operator-key'],
};
const env = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
const running = await startGateway(loadConfig({ flags: { config: configPath }, env }), {
  checks,
  ...(steps.has('sealing') ? {} : { evidence: noEvidence }),
  ...(steps.has('ledger') ? {} : { journal: noJournal }),
});
process.on('SIGTERM', () => void running.close().then(() => process.exit()));
process.stdin.on('close', () => process.exit()).resume();
process.stdout.write(`${JSON.stringify({ url: running.url, key: running.firstKeys['api'] })}\n`);
