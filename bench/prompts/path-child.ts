/**
 * Times the whole local path in a process of its own: reading, rules, names, classifier and a policy of 50 rules, for prompts of
 * 125 characters and of 8 KB, every one different. Says in one line of JSON how long they take, in microseconds.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openTextChecks } from '../../src/compose/text-checks.ts';
import { moderateToJson, textSubject } from '../../src/moderate.ts';
import { PACKS_DIR } from '../../src/packs.ts';
import { median, quantile } from '../statistics.ts';
import { captions } from './captions.ts';

const POLICY_RULES = 50;
const LONG_CHARS = 8_192;
const ROUNDS = { warm: 4_000, short: 10_000, long: 300 };

/** The standard policy with as many rules more as make fifty; each asks for something else. */
async function policyFile(folder: string): Promise<string> {
  const text = await readFile(join(PACKS_DIR, 'standard', 'policy.yaml'), 'utf8');
  const own = text.split('\n').filter((line) => line.startsWith('  - id: ')).length;
  const more = Array.from(
    { length: POLICY_RULES - own },
    (_, at) =>
      `  - id: bench-${at}\n    description: Rule ${at}.\n    when: { all: [{ category: hate, score: ${(0.4 + at / 100).toFixed(2)} }, { operation: [generate] }, { check: prompt-rules, reason: "lexicon:bench-${at}" }] }\n    action: hold\n`,
  );
  const path = join(folder, 'policy.yaml');
  await writeFile(path, text.replace('\nrules:\n', `\nrules:\n${more.join('\n')}\n`));
  return path;
}

const folder = await mkdtemp(join(tmpdir(), 'imprimatur-path-'));
const { runner, policy } = await openTextChecks({
  policy: await policyFile(folder),
  promptRules: undefined,
  gazetteers: { packs: [], without: [], publicKeys: [], allowUnsigned: false },
  classifiers: [],
  classifierRules: undefined,
  hashLists: [],
});
await rm(folder, { recursive: true, force: true });
const about = { surface: 'api', operation: 'generate' } as const;
const caption = captions(3);

async function timed(rounds: number, text: () => string): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const subject = textSubject(text(), about);
    const startedAt = performance.now();
    await moderateToJson([subject], { checks: runner, policy });
    times.push((performance.now() - startedAt) * 1_000);
  }
  return times;
}

const long = () =>
  Array.from({ length: LONG_CHARS / 100 }, caption)
    .join('. ')
    .slice(0, LONG_CHARS);
await timed(ROUNDS.warm, caption);
await timed(20, long);
const short = await timed(ROUNDS.short, caption);
const longer = await timed(ROUNDS.long, long);
process.stdout.write(
  `${JSON.stringify({
    policyRules: String(policy.document.rules.length),
    p50Us: median(short).toFixed(1),
    p99Us: quantile(short, 0.99).toFixed(1),
    longP50Us: median(longer).toFixed(0),
    longP99Us: quantile(longer, 0.99).toFixed(0),
  })}\n`,
);
