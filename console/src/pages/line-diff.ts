export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
  readonly number: number;
}

/** Policies have hundreds of lines, not millions: quadratic memory is fine up to here. */
const MAX_LINES = 2_000;

/** Lengths of the longest common subsequence of what follows each pair of lines. */
function commonAfter(a: readonly string[], b: readonly string[]): (i: number, j: number) => number {
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => table[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  return at;
}

/** What became of a text, line by line. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [a, b] = [before.split('\n').slice(0, MAX_LINES), after.split('\n').slice(0, MAX_LINES)];
  const common = commonAfter(a, b);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [left, right] = [a[i], b[j]];
    if (left === undefined && right === undefined) return lines;
    if (left !== undefined && left === right) {
      lines.push({ kind: 'same', text: left, number: ++j });
      i++;
    } else if (left !== undefined && (right === undefined || common(i + 1, j) >= common(i, j + 1))) {
      lines.push({ kind: 'removed', text: left, number: ++i });
    } else {
      lines.push({ kind: 'added', text: right ?? '', number: ++j });
    }
  }
}

/** Only what changed, with a little around it; a gap is null. */
export function hunks(lines: readonly DiffLine[], around = 2): readonly (DiffLine | null)[] {
  const near = (index: number) => lines.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== 'same');
  return lines.flatMap((line, index): (DiffLine | null)[] => {
    if (near(index)) return [line];
    return index > 0 && near(index - 1) ? [null] : [];
  });
}
