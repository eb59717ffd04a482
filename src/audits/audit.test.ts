import { describe, expect, it } from 'vitest';
import { createRandom } from '../prompts/classifier/train/random.ts';
import type { DetectorAudit } from './audit-detectors.ts';
import { corrected, reportOf } from './audit-report.ts';
import { readCsv } from './csv.ts';
import { detectorPage, verdict } from './detector-page.ts';
import { detectorTable } from './detector-table.ts';
import { dimensionsOf } from './dimensions.ts';
import { type Label, readLabels } from './labels.ts';
import { measuresOf } from './measures.ts';
import type { Observation } from './observation.ts';
import { strangerMatches } from './stranger-matches.ts';

const NOBODY: Label = { file: 'x.png', person: null, sex: null, age: null, skinTone: null, faces: null, truth: null };

/** A person who stands at a place of the space of faces: people of one place are alike. */
function person(at: number, more: { sex: string; place: number; isFound?: boolean; alarm?: boolean; angle?: number }): Observation {
  const descriptor = new Float32Array(128);
  descriptor[more.place % 128] = 1;
  const face = { apparentAge: 43, isYoung: false, typologyAngle: more.angle ?? null, descriptor };
  const found = more.isFound ?? true;
  return {
    label: { ...NOBODY, file: `${at}.png`, person: String(at), sex: more.sex, age: 45, faces: 1, truth: [] },
    state: 'seen',
    faces: found ? 1 : 0,
    face: found ? face : null,
    checks: new Map([['nudity', { kind: 'said', alarms: more.alarm === true ? ['sexual'] : [] }]]),
  };
}

function audited(people: readonly Observation[]) {
  const dimensions = dimensionsOf(people);
  const random = createRandom(1);
  const reports = measuresOf(people, [{ id: 'nudity', categories: ['sexual'] }]).map((one) => reportOf(one, dimensions, random));
  const strangers = strangerMatches(people, dimensions, random);
  return corrected(strangers === null ? reports : [...reports, strangers]);
}
const of = (reports: ReturnType<typeof audited>, id: string) => reports.find((one) => one.id === id)!;
const bySex = (reports: ReturnType<typeof audited>, id: string) =>
  of(reports, id).comparisons.find(({ dimension }) => dimension === 'sex')!;

describe('an audit of detectors', () => {
  const many = (count: number, more: (at: number) => Parameters<typeof person>[1], from = 0) =>
    Array.from({ length: count }, (_, at) => person(from + at, more(at)));

  it('finds that faces of one group are missed more often, and says between whom', () => {
    const people = [
      ...many(60, (at) => ({ sex: 'a', place: at })),
      ...many(60, (at) => ({ sex: 'b', place: at + 60, isFound: at >= 24 }), 60),
    ];
    const { gap, groups } = bySex(audited(people), 'faces.missed');
    expect(gap).toMatchObject({ size: 0.4, highest: 'b', lowest: 'a', isBeyondChance: true });
    expect(groups.map(({ n, value }) => [n, value])).toEqual([
      [60, 0],
      [60, 0.4],
    ]);
  });

  it('does not call one false alarm more in a group a difference', () => {
    const people = [
      ...many(30, (at) => ({ sex: 'a', place: at })),
      ...many(30, (at) => ({ sex: 'b', place: at + 30, alarm: at === 0 }), 30),
    ];
    expect(bySex(audited(people), 'nudity.false_alarm').gap).toMatchObject({ highest: 'b', isBeyondChance: false });
  });

  it('compares nobody with a group of nine', () => {
    const people = [...many(30, (at) => ({ sex: 'a', place: at })), ...many(9, () => ({ sex: 'b', place: 99, isFound: false }), 30)];
    const { gap, groups } = bySex(audited(people), 'faces.missed');
    expect(gap).toBeNull();
    expect(groups.map(({ isFew }) => isFew)).toEqual([false, true]);
  });

  it('sees that women are taken for each other where a network tells them apart worse', () => {
    const people = [...many(40, (at) => ({ sex: 'm', place: at })), ...many(40, (at) => ({ sex: 'f', place: 60 + (at % 8) }), 40)];
    const { gap, groups } = bySex(audited(people), 'match.strangers');
    expect(groups.map(({ group, n }) => [group, n])).toEqual([
      ['f', 780],
      ['m', 780],
    ]);
    // Eight places of five people: 80 of 780 pairs.
    expect(groups[0]!.value).toBeCloseTo(80 / 780, 10);
    expect(gap).toMatchObject({ highest: 'f', isBeyondChance: true });
  });

  it('measures no misses of what nobody labelled', () => {
    expect(audited(many(20, (at) => ({ sex: 'a', place: at }))).map(({ id }) => id)).not.toContain('nudity.missed');
  });

  it('says the same on the page, in the table and to a browser that runs nothing', () => {
    const people = many(40, (at) => ({ sex: at < 20 ? '<b>a</b>' : 'b', place: at, angle: at }));
    const measures = audited(people);
    const audit: DetectorAudit = {
      ...{
        kind: 'detectors',
        on: '2026-11-22',
        seed: 1,
        threshold: 0.5,
        pictures: 40,
        people: 40,
        unreadable: 0,
        lost: 0,
        skinMeasured: 40,
      },
      ...{ checks: [], measures },
    };
    const page = detectorPage(audit);
    expect(page).toContain('&lt;b&gt;a&lt;/b&gt;');
    expect(page).not.toMatch(/<b>a|<script|https?:/);
    expect(page).toContain(verdict(measures));
    const rows = readCsv(detectorTable(audit));
    expect(rows.length).toBe(
      1 + measures.reduce((sum, one) => sum + 1 + one.comparisons.reduce((all, { groups }) => all + groups.length, 0), 0),
    );
    expect(rows.map(({ cells }) => cells[4])).toContain('darkest third');
  });
});

describe('labels', () => {
  it('are read from a table, with the age of the day of the picture and a face where a person is meant', () => {
    const csv =
      '\uFEFFfile,person,sex,birth,photo,skin_tone,truth\r\n"a, b.jpg",p1,F,1952-06,2019-01-20,4,neutral\r\nscene.png,,,,,,sexual;hate\r\n';
    expect(readLabels(csv, 'csv')).toEqual({
      problems: [],
      labels: [
        { file: 'a, b.jpg', person: 'p1', sex: 'F', age: 66 + 7 / 12, skinTone: '4', faces: 1, truth: [] },
        { ...NOBODY, file: 'scene.png', truth: ['sexual', 'hate'] },
      ],
    });
  });

  it('are refused by their line where they lead out of the folder, name no category, or come twice', () => {
    const lines = [
      { file: '../secret.png' },
      { file: 'a.png', truth: 'nudity' },
      { file: 'b.png' },
      { file: 'b.png' },
      { file: 'c.png', age: 'old' },
      { file: 'd.png', birth: '7 June' },
    ];
    const { labels, problems } = readLabels(lines.map((line) => JSON.stringify(line)).join('\n'), 'jsonl');
    expect(labels.map(({ file }) => file)).toEqual(['b.png']);
    expect(problems.map(({ line }) => line)).toEqual([1, 2, 4, 5, 6]);
  });

  it('with a quote that never ends are no labels', () => {
    expect(readLabels('file\n"a.png', 'csv').problems).toEqual([{ line: 2, problem: 'a quote is missing or one too many' }]);
  });
});
