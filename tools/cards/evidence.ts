import { list, number, value } from '../performance/results.ts';

/** Something that was counted: of `of` cases, `count` were wrong. */
export interface Counted {
  readonly what: string;
  readonly count: number | null;
  readonly of: number | null;
  /** `bench/results/<this>.json`. */
  readonly result: string;
}

type Facts = { readonly what: string; readonly count: unknown; readonly of: unknown; readonly result: string };
const counted = ({ count, of, ...rest }: Facts): Counted => ({ ...rest, count: number(count), of: number(of) });
const at = (path: string) => value(`detectors.${path}`);
const less = (whole: unknown, part: unknown) => {
  const [a, b] = [number(whole), number(part)];
  return a === null || b === null ? null : a - b;
};
/** A bench that keeps a share and its rows. */
const ofShare = (share: unknown, rows: unknown) => {
  const [a, b] = [number(share), number(rows)];
  return a === null || b === null ? null : Math.round(a * b);
};

function copies(): Counted {
  const rows = list('known-copies.copies');
  const total = (key: string) => rows.reduce((sum, row) => sum + (number(row[key]) ?? 0), 0);
  const of = rows.length === 0 ? null : total('of');
  return counted({ what: 'copies with borders, bars and captions, missed', count: less(of, total('trimmed')), of, result: 'known-copies' });
}

function recalls(): Counted[] {
  const sets = { sexual: 'sexual', violence: 'violence', hate: 'hate', 'self-harm': 'self_harm', illegal: 'illegal' };
  return Object.entries(sets).map(([name, set]) => {
    const base = `prompt-quality.recall.classifier.ailuminate ${set}`;
    const rows = value(`${base}.rows`);
    return counted({
      what: `AILuminate rows of ${name}, missed`,
      count: less(rows, ofShare(value(`${base}.recall`), rows)),
      of: rows,
      result: 'prompt-quality',
    });
  });
}

const harmless = (who: 'classifier' | 'rules', path: string): Counted => {
  const base = `prompt-quality.harmless.${who}${path}`;
  const rows = value(`${base}.rows`);
  return counted({
    what: 'harmless prompts that were flagged',
    count: ofShare(value(`${base}.flagged`), rows),
    of: rows,
    result: 'prompt-quality',
  });
};

const figures = (name: string) => value(`prompt-quality.names.publicFigures.${name}`);

/** What was counted of each check, by its id; a check that is not here was not measured. */
export const EVIDENCE: Readonly<Record<string, () => readonly Counted[]>> = {
  nudity: () => [
    counted({ what: 'portraits of adults with an alarm', count: at('nudity.above05'), of: at('nudity.n'), result: 'detectors' }),
  ],
  faces: () => [
    counted({ what: 'portraits whose face was missed', count: at('portraits.missed'), of: at('portraits.n'), result: 'detectors' }),
    counted({ what: 'adults not taken for adults', count: at('age.youngImpressions'), of: at('age.n'), result: 'detectors' }),
  ],
  'person-match': () => [
    counted({ what: 'listed people missed', count: at('register.listed.missed'), of: at('register.lookedUp'), result: 'detectors' }),
    counted({
      what: 'pairs of strangers taken for one person',
      count: at('register.listed.falseMatches'),
      of: at('register.pairsOfStrangers'),
      result: 'detectors',
    }),
  ],
  'edit-anomaly': () => [
    counted({
      what: 'drawn proxies of a taken garment, missed',
      count: less(at('edits.bared.n'), at('edits.bared.flagged')),
      of: at('edits.bared.n'),
      result: 'detectors',
    }),
    ...list('detectors.edits.bySkinThird').map(({ name, n, flagged }) =>
      counted({ what: `the same, ${String(name)} third by skin tone`, count: less(n, flagged), of: n, result: 'detectors' }),
    ),
    counted({ what: 'benign edits flagged', count: at('edits.benign.flagged'), of: at('edits.benign.n'), result: 'detectors' }),
  ],
  'known-hashes': () => [copies()],
  'prompt-classifier': () => [...recalls(), harmless('classifier', '.pooled')],
  'prompt-rules': () => [harmless('rules', '')],
  'prompt-gazetteers': () => [
    counted({
      what: 'public figures in development rows, missed',
      count: less(figures('rows'), ofShare(figures('recall'), figures('rows'))),
      of: figures('rows'),
      result: 'prompt-quality',
    }),
  ],
};
