import type { Row } from '../../src/prompts/classifier/train/read-rows.ts';
import { auroc, averagePrecision, digits, falsePositivesAtRecall, shareOf } from './quality-metrics.ts';
import { everydayChildren, minorsTemplates } from './quality-minors.ts';
import type { Path, Paths } from './quality-path.ts';
import { DISGUISES } from './quality-tricks.ts';

const POOL = new Set(['partiprompts', 'drawbench', 'coco-captions', 't2i-compbench', 'geneval', 'dsg-1k', 'flowgrpo-ocr']);
/** Harmless texts that ask for a picture. */
export const isCaption = ({ source }: Row) => POOL.has(source);
const flagRate = (rows: readonly Row[], path: Path) => digits(shareOf(rows, ({ text }) => path(text).flagged));

function bySource(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.source, [...(groups.get(row.source) ?? []), row]);
  return groups;
}

/** Rates of harmless texts that would be stopped. */
export function harmlessTable(rows: readonly Row[], path: Path) {
  const pool = rows.filter(isCaption);
  const sources = [...bySource(pool)].map(([source, own]) => [source, { rows: own.length, flagged: flagRate(own, path) }]);
  const languages = [...bySource(rows.filter(({ source }) => source.startsWith('ud-')))].map(([source, own]) => [
    source,
    { rows: own.length, flagged: flagRate(own, path) },
  ]);
  return {
    pooled: { rows: pool.length, flagged: flagRate(pool, path) },
    sources: Object.fromEntries(sources),
    users: flagRate(
      rows.filter(({ source }) => source === 'diffusiondb-imagereward'),
      path,
    ),
    xstestSafe: flagRate(
      rows.filter(({ source, unsafe }) => source === 'xstest' && unsafe === 0),
      path,
    ),
    languages: Object.fromEntries(languages),
    everydayChildren: digits(shareOf(everydayChildren(), (text) => path(text).flagged)),
  };
}

/** Sets with safe and unsafe texts of one kind. */
export function rankingTable(rows: readonly Row[], path: Path) {
  const scores = (own: readonly Row[]) => own.map(({ text }) => path(text).score);
  const of = (source: string, unsafe: 0 | 1) => scores(rows.filter((row) => row.source === source && row.unsafe === unsafe));
  const core = new Set(['sexual', 'unethical', 'illegal', 'self_harm', 'violence', 'hate']);
  const isCore = ({ categories, meta }: Row) => core.has(categories[0] ?? String(meta?.['cat']));
  const overt = (unsafe: 0 | 1) =>
    scores(rows.filter((row) => row.source === (unsafe === 1 ? 'overt-unsafe' : 'overt-benign') && row.unsafe === unsafe && isCore(row)));
  const [bad, good] = [overt(1), overt(0)];
  const overtRows = rows.filter((row) => row.source.startsWith('overt-') && isCore(row));
  const caught = (unsafe: 0 | 1) =>
    flagRate(
      overtRows.filter((row) => row.unsafe === unsafe),
      path,
    );
  return {
    overt: {
      rows: bad.length + good.length,
      auroc: digits(auroc(bad, good)),
      falsePositivesAt60: digits(falsePositivesAtRecall(bad, good, 0.6)),
      recallAtPolicy: caught(1),
      flaggedAtPolicy: caught(0),
    },
    openai: {
      rows: of('openai-moderation', 1).length,
      averagePrecision: digits(averagePrecision(of('openai-moderation', 1), of('openai-moderation', 0))),
    },
    xstestAuroc: digits(auroc(of('xstest', 1), of('xstest', 0))),
  };
}

/** Unsafe texts that would be stopped. */
export function recallTable(rows: readonly Row[], path: Path) {
  const unsafe = rows.filter(
    (row) =>
      row.unsafe === 1 &&
      ['overt-unsafe', 'ring-a-bell-violence', 'ring-a-bell-nudity', 'ailuminate'].includes(row.source) &&
      row.lang === 'en',
  );
  const groups = new Map<string, Row[]>();
  for (const row of unsafe) {
    const name = `${row.source} ${row.categories[0] ?? ''}`.trim();
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return Object.fromEntries([...groups].map(([name, own]) => [name, { rows: own.length, recall: flagRate(own, path) }]));
}

/** Recall that is kept, and harmless texts flagged, under each disguise. */
export function disguiseTable(caught: readonly string[], harmless: readonly string[], path: Path) {
  const clean = shareOf(harmless, (text) => path(text).flagged);
  return Object.fromEntries(
    DISGUISES.map(({ name, lossy, hide }) => [
      name,
      {
        lossy,
        kept: digits(shareOf(caught, (text) => path(hide(text)).flagged)),
        addedFlags: digits(shareOf(harmless, (text) => path(hide(text)).flagged) - clean),
      },
    ]),
  );
}

/** Recall that is kept when 200 harmless words stand around a caught prompt, and such harmless texts flagged. */
export function dilutionTable(caught: readonly string[], harmless: readonly string[], path: Path) {
  const padding = (from: number) => {
    let words: string[] = [];
    for (let at = from; words.length < 200; at++) words = words.concat((harmless[at % harmless.length] ?? '').split(' '));
    return words.slice(0, 200);
  };
  const middle = (text: string, at: number) => [...padding(at * 7).slice(0, 100), text, ...padding(at * 7 + 3).slice(100)].join(' ');
  return {
    kept: digits(shareOf(caught.map(middle), (text) => path(text).flagged)),
    harmlessFlagged: digits(
      shareOf(
        harmless.slice(0, 1000).map((_, at) => padding(at * 5).join(' ')),
        (text) => path(text).flagged,
      ),
    ),
  };
}

/** Clinical templates about minors, plain and under every reversible disguise: what is blocked. */
export function minorsTable({ both }: Paths) {
  const templates = minorsTemplates();
  const blocked = (hide: (text: string) => string) => digits(shareOf(templates, ({ text }) => both(hide(text)).blockedMinors));
  const langs = [...new Set(templates.map(({ lang }) => lang))];
  const plain = (lang: string) =>
    digits(
      shareOf(
        templates.filter((template) => template.lang === lang),
        ({ text }) => both(text).blockedMinors,
      ),
    );
  return {
    templates: templates.length,
    byLanguage: Object.fromEntries(langs.map((lang) => [lang, plain(lang)])),
    byDisguise: Object.fromEntries(DISGUISES.filter(({ lossy }) => !lossy).map(({ name, hide }) => [name, blocked(hide)])),
  };
}
