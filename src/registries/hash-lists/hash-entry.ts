import { CATEGORIES, type Category } from '../../contracts/category.ts';

const HEX_DIGITS = { pdq: 64, sha256: 64, md5: 32 } as const;

export type HashAlgorithm = keyof typeof HEX_DIGITS;

/** One row of a list. `severity` and `label` are the list owner's own words (NCMEC's A1…B2, IWF's A–C): checked, and not interpreted. */
export interface HashEntry {
  readonly algorithm: HashAlgorithm;
  /** Lower-case hex: 64 digits, of MD5 32. */
  readonly value: string;
  readonly category?: Category | undefined;
  readonly severity?: string | undefined;
  readonly label?: string | undefined;
}

/** What is wrong with one line of a list file; `line` counts from 1. It never repeats the line. */
export interface RowProblem {
  readonly line: number;
  readonly message: string;
}

/** Of a row as it was read, which may be anything. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * The entry that a row is, or what is wrong with it. Written by hand because lists have millions of rows: a schema library takes longer for one than
 * everything else together.
 */
export function readEntry({ algorithm, value, category, severity, label, ...unknown }: Row): HashEntry | string {
  const [stranger] = Object.keys(unknown);
  if (stranger !== undefined) return 'a member is not one of algorithm, value, category, severity, label';
  if (!isAlgorithm(algorithm)) return 'algorithm must be pdq, sha256 or md5';
  if (typeof value !== 'string' || value === '') return 'value is missing';
  if (value.length !== HEX_DIGITS[algorithm] || !/^[0-9a-f]+$/i.test(value))
    return `${algorithm} must be ${HEX_DIGITS[algorithm]} hex digits`;
  const given = { category: blankAsMissing(category), severity: blankAsMissing(severity), label: blankAsMissing(label) };
  if (given.category !== undefined && !isCategory(given.category)) return 'category is not one of ours';
  if (!isText(given.severity, /^[\w .-]{1,32}$/)) return 'severity may have 32 letters, digits, spaces, dots and dashes';
  if (!isText(given.label, /^\P{Cc}{1,128}$/u)) return 'label may have 128 characters, and no line breaks';
  return { algorithm, value: value.toLowerCase(), category: given.category, severity: given.severity, label: given.label };
}

const ALGORITHMS: ReadonlySet<unknown> = new Set(Object.keys(HEX_DIGITS));
const OURS: ReadonlySet<unknown> = new Set(CATEGORIES);

const isAlgorithm = (value: unknown): value is HashAlgorithm => ALGORITHMS.has(value);
const isCategory = (value: unknown): value is Category => OURS.has(value);
const isText = (value: unknown, pattern: RegExp): value is string | undefined =>
  value === undefined || (typeof value === 'string' && pattern.test(value));

/** An empty CSV cell means "not given". */
const blankAsMissing = (value: unknown) => (value === '' || value === null ? undefined : value);
