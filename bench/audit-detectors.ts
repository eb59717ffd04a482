/**
 * The errors of the detectors by group: `npx tsx bench/run.ts audit-detectors --photos DIR`, the same folder as for `detectors`, through the same door as
 * `imprimatur audit detectors`. Nothing is kept but numbers.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { auditDetectors } from '../src/audits/audit-detectors.ts';
import { readLabels } from '../src/audits/labels.ts';
import { withAuditTools } from '../src/compose/local-audit.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { note, writeResult } from './results.ts';

const WITH_A_FACE = /astronaut|camera/;
const { values } = parseArgs({ options: { photos: { type: 'string', default: '' } } });
const root = join(values.photos, 'detectors');
const portrait = z.object({
  ...{ id: z.string(), sex: z.string(), born: z.string(), photo: z.string() },
  ...{ new_file: z.string(), old_file: z.string().optional() },
});
const portraits = z.array(portrait).parse(JSON.parse(readFileSync(join(root, 'portraits.json'), 'utf8')));
const rows = [
  ...portraits.map(({ id, sex, born, photo, new_file: file }) => ({ file, person: id, sex, birth: born, photo })),
  // Of the earlier ones only a latest month is known, so no age.
  ...portraits.flatMap(({ id, sex, old_file: file }) => (file === undefined ? [] : [{ file, person: id, sex }])),
  ...readdirSync(join(root, 'scenes')).map((name) => ({ file: `scenes/${name}`, faces: WITH_A_FACE.test(name) ? 1 : 0 })),
];
const { labels, problems } = readLabels(rows.map((row) => JSON.stringify({ ...row, truth: 'neutral' })).join('\n'), 'jsonl');
if (problems.length > 0) throw new Error(`labels: ${JSON.stringify(problems)}`);

const audit = await withAuditTools(loadConfig({ env: {} }), { wanted: undefined, processes: 1 }, (tools) =>
  auditDetectors({
    ...tools,
    root,
    labels,
    seed: 1,
    threshold: 0.5,
    width: 2,
    onProgress: (done) => done % 20 === 0 && note(`${done} pictures`),
  }),
);
await writeResult('audit-detectors', { ...audit });
