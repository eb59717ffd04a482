import { z } from 'zod';
import { CATEGORIES, type Category } from '../contracts/category.ts';
import { CsvFault, readCsv } from './csv.ts';

/** What is known of a picture, from whoever labelled it. */
export interface Label {
  /** From the folder of the pictures, with `/` between names. */
  readonly file: string;
  readonly person: string | null;
  readonly sex: string | null;
  /** In years, on the day of the picture. */
  readonly age: number | null;
  readonly skinTone: string | null;
  /** How many people's faces can be seen. */
  readonly faces: number | null;
  /** What the picture really shows of our categories; null: nobody said. */
  readonly truth: readonly Category[] | null;
}

export interface LabelProblem {
  readonly line: number;
  readonly problem: string;
}

export interface ReadLabels {
  readonly labels: readonly Label[];
  readonly problems: readonly LabelProblem[];
}

const HARMLESS = new Set(['neutral', 'benign', 'none', 'harmless']);
const word = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' ? null : String(value).trim().slice(0, 100)));
const number = (most: number) =>
  z
    .union([z.string(), z.number()])
    .nullish()
    .transform((value) => (value === null || value === undefined || value === '' ? null : Number(value)))
    .pipe(z.number().min(0).max(most).nullable());
const day = word.pipe(z.stringFormat('a day such as 1970-05 or 1970-05-31', /^\d{4}-\d{2}(?:-\d{2})?$/).nullable());

const rowSchema = z.object({
  file: z.string().min(1).max(4_096),
  person: word,
  sex: word,
  age: number(130),
  birth: day,
  photo: day,
  skin_tone: word,
  faces: number(1_000),
  truth: z.union([z.string(), z.array(z.string())]).nullish(),
});

/** Reads CSV with a heading, or one JSON object a line. Rows that cannot be read are problems with their line, never dropped in silence. */
export function readLabels(text: string, format: 'csv' | 'jsonl'): ReadLabels {
  const labels: Label[] = [];
  const problems: LabelProblem[] = [];
  const files = new Set<string>();
  for (const { line, row } of format === 'csv' ? csvRows(text, problems) : jsonRows(text)) {
    const label = labelOf(row);
    if (typeof label === 'string') problems.push({ line, problem: label });
    else if (files.has(label.file)) problems.push({ line, problem: 'this file has a row already' });
    else labels.push(label);
    if (typeof label !== 'string') files.add(label.file);
  }
  return { labels, problems };
}

interface RawRow {
  readonly line: number;
  readonly row: unknown;
}

function csvRows(text: string, problems: LabelProblem[]): RawRow[] {
  try {
    const [head, ...rows] = readCsv(text);
    const names = head?.cells.map((name) => name.trim().toLowerCase()) ?? [];
    return rows.map(({ line, cells }) => ({ line, row: Object.fromEntries(names.map((name, at) => [name, cells[at]])) }));
  } catch (error) {
    if (!(error instanceof CsvFault)) throw error;
    problems.push({ line: error.line, problem: error.message });
    return [];
  }
}

function jsonRows(text: string): RawRow[] {
  return text.split('\n').flatMap((source, at) => (source.trim() === '' ? [] : [{ line: at + 1, row: parsed(source) }]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function labelOf(raw: unknown): Label | string {
  const row = rowSchema.safeParse(raw);
  if (!row.success) return row.error.issues.map(({ path, message }) => `${path.join('.') || 'row'}: ${message}`).join('; ');
  const { file, person, sex, age, birth, photo, skin_tone: skinTone, faces, truth } = row.data;
  if (file.startsWith('/') || file.split('/').includes('..')) return 'file: must lie in the folder';
  const said = truth === null || truth === undefined ? null : categoriesIn(truth);
  if (typeof said === 'string') return said;
  const shown = faces ?? (person !== null || sex !== null || age !== null || birth !== null ? 1 : null);
  return { file, person, sex, age: age ?? yearsBetween(birth, photo), skinTone, faces: shown, truth: said };
}

function categoriesIn(truth: string | readonly string[]): Category[] | string | null {
  const words = (typeof truth === 'string' ? truth.split(/[\s;|]+/) : truth).map((one) => one.trim()).filter((one) => one !== '');
  if (words.length === 0) return null;
  const named = words.filter((one) => !HARMLESS.has(one));
  const stranger = named.find((one) => !CATEGORIES.some((category) => category === one));
  return stranger === undefined
    ? CATEGORIES.filter((category) => named.includes(category))
    : `truth: there is no category ${JSON.stringify(stranger)}`;
}

/** To a month; null unless both are known and in order. */
function yearsBetween(birth: string | null, photo: string | null): number | null {
  if (birth === null || photo === null) return null;
  const months = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
  const years = (months(photo) - months(birth)) / 12;
  return years >= 0 && years <= 130 ? years : null;
}
