import { createHash } from 'node:crypto';
import { open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { croissant } from './croissant.ts';
import type { CurationJournal } from './curation-journal.ts';
import type { CurationRecord, ManifestCounts } from './record.ts';

/** Of the manifest, in this order. */
const COLUMNS = ['path', 'decision', 'reasons', 'licence', 'sha256', 'pdq', 'format', 'width', 'height', 'bytes', 'not_looked'] as const;

/** Rows that are written together. */
const BATCH = 500;

/** Writes `manifest.csv`, `manifest.jsonl` and `croissant.json` from a journal, row by row. */
export async function writeManifests(journal: CurationJournal, out: string): Promise<ManifestCounts> {
  const amended = await amendments(journal);
  const byReason: Record<string, number> = {};
  const counts = { keep: 0, drop: 0, review: 0, skip: 0, byReason };
  const csv = await newFile(join(out, 'manifest.csv'));
  const jsonl = await newFile(join(out, 'manifest.jsonl'));
  await csv.add(`${COLUMNS.join(',')}\n`);
  for await (const { value } of journal.lines()) {
    if (!('path' in value)) continue;
    const record = amend(value, amended.get(value.path) ?? []);
    counts[record.decision] += 1;
    for (const kind of new Set(record.reasons.map((reason) => reason.slice(0, reason.indexOf(':')))))
      byReason[kind] = (byReason[kind] ?? 0) + 1;
    const row = rowOf(record);
    await csv.add(`${COLUMNS.map((column) => cell(row[column])).join(',')}\n`);
    await jsonl.add(`${JSON.stringify({ ...row, reasons: record.reasons, not_looked: record.not_looked })}\n`);
  }
  const digests = { csv: await csv.end(), jsonl: await jsonl.end() };
  await writeFile(join(out, 'croissant.json'), `${JSON.stringify(croissant(digests, counts), null, 2)}\n`, { mode: 0o600 });
  return counts;
}

/** Few: of pictures whose copy was opted out. */
async function amendments(journal: CurationJournal): Promise<ReadonlyMap<string, readonly string[]>> {
  const reasons = new Map<string, readonly string[]>();
  for await (const { value } of journal.lines())
    if ('amends' in value) reasons.set(value.amends, [...(reasons.get(value.amends) ?? []), value.reason]);
  return reasons;
}

function amend(record: CurationRecord, reasons: readonly string[]): CurationRecord {
  return reasons.length === 0 ? record : { ...record, decision: 'drop', reasons: [...record.reasons, ...reasons] };
}

function rowOf({
  modified_ms: _,
  beside: _sidecars,
  reasons,
  not_looked,
  ...record
}: CurationRecord): Record<(typeof COLUMNS)[number], string | number | null> {
  return { ...record, reasons: reasons.join(' '), not_looked: not_looked.join(' ') };
}

/** RFC 4180. */
function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Written beside its place and put there when it is whole. */
async function newFile(path: string) {
  const file = await open(`${path}.part`, 'w', 0o600);
  const digest = createHash('sha256');
  let waiting: string[] = [];
  const flush = async () => {
    const text = waiting.join('');
    waiting = [];
    digest.update(text);
    await file.appendFile(text);
  };
  return {
    async add(text: string) {
      waiting.push(text);
      if (waiting.length >= BATCH) await flush();
    },
    /** Hex SHA-256 of the file. */
    async end() {
      await flush();
      await file.sync();
      await file.close();
      await rename(`${path}.part`, path);
      return digest.digest('hex');
    },
  };
}
