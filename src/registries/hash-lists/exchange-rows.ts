import { z } from 'zod';
import type { Category } from '../../contracts/category.ts';
import { type HashAlgorithm, type HashEntry, readEntry } from './hash-entry.ts';

/** An entry, what is wrong with a row, or null where it says nothing that a picture could be compared with. */
export type ReadRow = HashEntry | string | null;

/** What stands at one line of a list: of a page several records, of most lines one. */
export interface RowsAtLine {
  readonly line: number;
  readonly rows: readonly ReadRow[];
  /** What is behind it cannot be read: how much of the list is missing is not known. */
  readonly isCut?: true;
}

/** How our own fields travel in the tags of an exchange, so that an export can be read again without loss. */
const OWN_TAG = /^imprimatur:(category|severity|label):(.*)$/su;

const tags = z.array(z.string().max(256)).max(256);
const threat = z.looseObject({
  indicator: z.string().optional(),
  signal: z.string().optional(),
  signal_value: z.string().optional(),
  type: z.string().optional(),
  signal_type: z.string().optional(),
  status: z.string().optional(),
  should_delete: z.boolean().optional(),
  is_expired: z.boolean().optional(),
  severity: z.string().optional(),
  tags: tags.default([]),
});
const record = z.looseObject({
  signalType: z.string(),
  hashValue: z.string(),
  hashStatus: z.string().optional(),
  CSPFeedbacks: z.array(z.looseObject({ tags: tags.optional() })).default([]),
});

const PICTURE_HASHES: ReadonlyMap<string, HashAlgorithm> = new Map([
  ['pdq', 'pdq'],
  ['hash_pdq', 'pdq'],
  ['md5', 'md5'],
  ['hash_md5', 'md5'],
  ['sha256', 'sha256'],
  ['hash_sha256', 'sha256'],
]);

/**
 * A line of ThreatExchange or of its Hasher-Matcher-Actioner: one indicator, or a page `{"data": […]}` of them. What is withdrawn, judged harmless or no
 * hash of a picture says nothing.
 */
export function readThreats(line: string): readonly ReadRow[] {
  return recordsIn(line, 'data').map((value) => {
    const parsed = threat.safeParse(value);
    if (!parsed.success) return 'not an indicator of ThreatExchange';
    const { type, signal_type, status, should_delete, is_expired, severity, tags: words } = parsed.data;
    if (should_delete === true || is_expired === true || status === 'NON_MALICIOUS') return null;
    const kind = type ?? signal_type;
    if (kind === undefined) return 'type is missing';
    const algorithm = PICTURE_HASHES.get(kind.toLowerCase());
    if (algorithm === undefined) return null;
    const value64 = parsed.data.indicator ?? parsed.data.signal_value ?? parsed.data.signal;
    return readEntry({ algorithm, value: value64, severity, ...fieldsOf(words), ...(severity === undefined ? {} : { severity }) });
  });
}

/** A line of StopNCII: one hash record, or a page `{"hashRecords": […]}` of them. What is withdrawn, or no picture, says nothing. */
export function readStopNcii(line: string): readonly ReadRow[] {
  return recordsIn(line, 'hashRecords').map((value) => {
    const parsed = record.safeParse(value);
    if (!parsed.success) return 'not a hash record of StopNCII';
    const { signalType, hashValue, hashStatus, CSPFeedbacks } = parsed.data;
    if (signalType !== 'ImagePDQ' || hashStatus === 'Withdrawn' || hashStatus === 'Deleted') return null;
    const own = CSPFeedbacks.flatMap((feedback) => feedback.tags ?? []).filter((tag) => OWN_TAG.test(tag));
    return readEntry({ algorithm: 'pdq', value: hashValue, ...fieldsOf(own) });
  });
}

export function writeThreat({ algorithm, value, ...fields }: HashEntry): string {
  return JSON.stringify({
    indicator: value,
    type: `HASH_${algorithm.toUpperCase()}`,
    status: 'MALICIOUS',
    should_delete: false,
    tags: tagsOf(fields),
  });
}

export function writeStopNcii({ value, algorithm: _, ...fields }: HashEntry): string {
  const own = tagsOf(fields);
  const feedbacks = own.length === 0 ? [] : [{ source: 'imprimatur', feedbackValue: 'None', tags: own }];
  return JSON.stringify({
    lastModtimestamp: 0,
    signalType: 'ImagePDQ',
    hashValue: value,
    hashStatus: 'Active',
    caseNumbers: {},
    CSPFeedbacks: feedbacks,
  });
}

/** The records of a page, or the one that the line is; a line that is not JSON is one bad record. */
function recordsIn(line: string, member: 'data' | 'hashRecords'): readonly unknown[] {
  if (line.trim() === '') return [];
  try {
    const value: unknown = JSON.parse(line);
    const page = z.looseObject({ [member]: z.array(z.unknown()) }).safeParse(value);
    const rows = page.success ? page.data[member] : undefined;
    return Array.isArray(rows) ? rows : [value];
  } catch {
    return [undefined];
  }
}

type Fields = { readonly category?: Category | undefined; readonly severity?: string | undefined; readonly label?: string | undefined };

/** Our own tags are fields again; the words of others are the label, as much as fits. */
function fieldsOf(words: readonly string[]): Readonly<Record<string, string>> {
  const own = words.flatMap((word) => {
    const [, field, value] = OWN_TAG.exec(word) ?? [];
    return field === undefined || value === undefined ? [] : [[field, value] as const];
  });
  const others = words.filter((word) => !OWN_TAG.test(word)).join(' ');
  return { ...(others === '' ? {} : { label: [...others].slice(0, 128).join('') }), ...Object.fromEntries(own) };
}

function tagsOf(fields: Fields): readonly string[] {
  return (['category', 'severity', 'label'] as const).flatMap((field) => {
    const value = fields[field];
    return value === undefined ? [] : [`imprimatur:${field}:${value}`];
  });
}
