/**
 * What happens to verdicts when detector processes break: killed in the middle of a picture, hanging, answering garbage, eating memory, exiting.
 *
 *   npx tsx bench/run.ts detector-faults [--faults 1000] [--lanes 2]
 *
 * Between two faults pictures are looked at as usual. Exits with 1 when a check was without a finding, or had one that nobody gave.
 */
import { parseArgs } from 'node:util';
import { lookerUnderFault } from '../src/detectors/looking/look-under-fault.fixture.ts';
import { FAULTS } from '../src/workers/faulty-pool.fixture.ts';
import { note, writeResult } from './results.ts';
import { quantile, rounded } from './statistics.ts';

const { values } = parseArgs({ options: { faults: { type: 'string', default: '1000' }, lanes: { type: 'string', default: '2' } } });
const WANTED = Number(values.faults);

const injected = Object.fromEntries(FAULTS.map((fault) => [fault, 0]));
const tally = { pictures: 0, cameBeforeTheBlow: 0, withoutVerdict: 0, passedUnseen: 0 };
const verdictMs: number[] = [];
const recoveryMs: number[] = [];
let given = 0;

async function lane(): Promise<void> {
  const eyes = await lookerUnderFault();
  const look = async (...blow: Parameters<typeof eyes.look>) => {
    const looked = await eyes.look(...blow);
    tally.pictures++;
    if (looked.findings.length !== 2) tally.withoutVerdict++;
    if (looked.outcome !== 'done' && looked.findings.some(({ kind }) => kind !== 'failed')) tally.passedUnseen++;
    return looked;
  };
  await look();
  while (given < WANTED) {
    const fault = FAULTS[given % FAULTS.length] ?? 'kill';
    given++;
    injected[fault] = (injected[fault] ?? 0) + 1;
    const looked = await look(fault, fault === 'kill' ? Math.random() * 40 : 0);
    if (fault === 'kill' && looked.outcome === 'done') tally.cameBeforeTheBlow++;
    if (looked.sinceBlowMs !== undefined && looked.outcome !== 'done') verdictMs.push(looked.sinceBlowMs);
    const next = await look();
    if (next.outcome === 'done') recoveryMs.push(next.tookMs);
    if (given % 50 === 0) await keep();
  }
  await eyes.close();
}

function spread(all: readonly number[]) {
  return { p50: rounded(quantile(all, 0.5)), p99: rounded(quantile(all, 0.99)), max: rounded(Math.max(...all)) };
}

/** Also on the way: it takes an hour where others work. */
async function keep(): Promise<void> {
  note(`${given} faults, ${tally.pictures} pictures`);
  await writeResult('detector-faults', {
    faults: given,
    injected,
    ...tally,
    verdictAfterKillMs: spread(verdictMs),
    nextPictureMs: spread(recoveryMs),
  });
}

await Promise.all(Array.from({ length: Number(values.lanes) }, lane));
await keep();
if (tally.withoutVerdict + tally.passedUnseen > 0) process.exitCode = 1;
