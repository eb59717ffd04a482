/** A row of a table, and the line at which it begins. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** RFC 4180: quoted cells may hold commas, quotes (doubled) and ends of lines; a byte order mark and empty lines are left out. */
export function readCsv(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  let line = 1;
  let cells: string[] = [];
  let begins = 1;
  const source = text.replace(/^\uFEFF/, '');
  while (cell.lastIndex < source.length) {
    const found = cell.exec(source);
    if (found === null) throw new CsvFault(line);
    const [whole, quoted, plain = '', end] = found;
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += whole.split('\n').length - 1;
    if (end === ',' && cell.lastIndex < source.length) continue;
    if (cells.some((one) => one !== '')) rows.push({ line: begins, cells });
    [cells, begins] = [[], line];
  }
  return rows;
}

/** A quote that is not closed, or stands in the middle of a cell. */
export class CsvFault extends Error {
  override readonly name = 'CsvFault';
  readonly line: number;
  constructor(line: number) {
    super(`a quote is missing or one too many`);
    this.line = line;
  }
}

/** One line of RFC 4180, its end included. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\n`;
}

function csvCell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
