/**
 * How long a reviewer waits for the page of a case with its picture, on a database that has seen a million generations.
 *
 *   npx tsx bench/run.ts case-page [--generations 1000000] [--pages 200]
 *
 * A real gateway on PostgreSQL; real requests to edit a 1024 px picture are held because they name somebody. Each page is asked for once: the dossier,
 * then its blurred picture, which nobody has asked for before.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startGateway } from '../src/compose/start-gateway.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { migrate } from '../src/storage/migrate.ts';
import { openDatabase } from '../src/storage/open-database.ts';
import { startCluster } from '../test/postgres/cluster.ts';
import { noisePicture } from './noise-picture.ts';
import { note, writeResult } from './results.ts';
import { seedCases, seedDecisions, seedPictures } from './review/seed-cases.ts';
import { quantile, rounded } from './statistics.ts';

const { values } = parseArgs({
  options: { generations: { type: 'string', default: '1000000' }, pages: { type: 'string', default: '200' } },
});
const GENERATIONS = Number(values.generations);
const PAGES = Number(values.pages);
const KEYS = { caller: 'imp_bench_caller_key_0123456789abcdef', operator: 'imp_bench_operator_key_0123456789abcdef' };
const [BATCH, CASE_EVERY, SIDE, LIMIT_MS] = [50_000, 20, 1024, 500];

const cluster = await startCluster();
if (cluster === null) process.exit(0);
const databaseUrl = cluster.url(await cluster.createDatabase());
const seeding = await openDatabase({ url: databaseUrl, dataDir: '' });
await migrate(seeding);
for (let from = 1; from <= GENERATIONS; from += BATCH) {
  await seedCases(seeding, { from, to: Math.min(GENERATIONS, from + BATCH - 1), state: 'blocked', caseEvery: CASE_EVERY });
}
await seedDecisions(seeding);
await seedPictures(seeding);
await seeding.query({ text: 'analyze' });
await seeding.close();
note(`${GENERATIONS} generations`);

const home = await mkdtemp(join(tmpdir(), 'imp-bench-'));
const config = {
  port: 0,
  logLevel: 'error',
  dataDir: join(home, 'data'),
  databaseUrl,
  bootstrapKey: KEYS.caller,
  bootstrapOperatorKey: KEYS.operator,
};
await writeFile(join(home, 'config.yaml'), JSON.stringify(config));
const gateway = await startGateway(loadConfig({ flags: { config: join(home, 'config.yaml') }, env: {} }));

const ask = (path: string) => fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${KEYS.operator}` } });

async function hold(n: number): Promise<string> {
  const form = new FormData();
  form.append('prompt', 'photo of Angela Merkel being arrested');
  form.append('image', new File([new Uint8Array(noisePicture(SIDE, SIDE, `page ${n}`))], 'a.png', { type: 'image/png' }));
  const headers = { authorization: `Bearer ${KEYS.caller}` };
  const answer = await fetch(`${gateway.url}/v1/images/edits`, { method: 'POST', headers, body: form });
  const body = JSON.parse(await answer.text());
  const id: unknown = body?.error?.imprimatur?.case_id;
  if (typeof id !== 'string') throw new Error(`not held: ${answer.status}`);
  return id;
}

const ids: string[] = [];
for (let n = 0; n < PAGES; n++) ids.push(await hold(n));
await sleep(3_000);
const [pages, dossiers, pictures]: [number[], number[], number[]] = [[], [], []];
for (const id of ids) {
  const begun = performance.now();
  const dossier = JSON.parse(await (await ask(`/v1/cases/${id}`)).text());
  const read = performance.now();
  const picture = await ask(`/v1/cases/${id}/media/${dossier.media[0]?.id}`);
  await picture.arrayBuffer();
  if (picture.status !== 200) throw new Error(`no picture: ${picture.status}`);
  const done = performance.now();
  pages.push(done - begun);
  dossiers.push(read - begun);
  pictures.push(done - read);
}
await gateway.close();
await cluster.stop();
await rm(home, { recursive: true, force: true });

const spread = (all: readonly number[]) => ({
  p50: rounded(quantile(all, 0.5)),
  p95: rounded(quantile(all, 0.95)),
  max: rounded(Math.max(...all)),
});
const result = {
  generations: GENERATIONS,
  pastCases: Math.floor(GENERATIONS / CASE_EVERY),
  pages: PAGES,
  pictureSide: SIDE,
  pageMs: spread(pages),
  dossierMs: spread(dossiers),
  pictureMs: spread(pictures),
  limitMs: LIMIT_MS,
};
note(JSON.stringify(result));
await writeResult('case-page', result);
