import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DIMENSIONS } from '../../src/access/limits/limit-rule.ts';
import { MEASURES } from '../../src/access/standing/measure.ts';
import { DECLARATIONS, UPLOAD_SITUATIONS } from '../../src/contracts/upload.ts';
import { discoverChecks } from '../../src/detectors/registry.ts';
import { SLOS } from '../../src/operations/slos.ts';
import { CROSS_FLOORS } from '../../src/policy/cross-floors.ts';
import { ENTRY_KINDS } from '../../src/prompts/gazetteers/pack.ts';
import { APPEAL_STATES } from '../../src/review/appeals/appeal-store.ts';
import { CASE_STATES } from '../../src/review/case-store.ts';
import { LOOKS } from '../../src/review/looks.ts';
import { KINDS } from '../../src/review/notices/notice-kinds.ts';
import { NOTICE_STATES } from '../../src/review/notices/notice-store.ts';
import { MEASURES as QUALITY } from '../../src/review/quality/quality-report.ts';
import { CASE_DECISIONS } from '../../src/review/transitions.ts';
import { actWords, categoryOfRule, codeWords, ruleWords, takedownWords } from '../src/words/code-words.ts';
import { codes } from '../src/words/codes.ts';
import { isKey, phrase } from '../src/words/words.ts';

const SOURCE = new URL('../../src/', import.meta.url);
const say = (key: Parameters<typeof phrase>[1], values?: Parameters<typeof phrase>[2]) => phrase({}, key, values);
const checks = (await discoverChecks(new URL('detectors/', SOURCE), '.ts')).map(({ id }) => id);

/** Codes as the checks write them: whole (`'edit:bared'`), or what stands before a part that is filled in (`hash:${list}`). */
function codesInSource(): string[] {
  const files = ['detectors', 'prompts', 'registries/opt-outs'].flatMap((folder) =>
    readdirSync(new URL(folder, SOURCE), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/test|fixture|plugins|containers|learning/.test(name))
      .map((name) => readFileSync(new URL(`${folder}/${name}`, SOURCE), 'utf8')),
  );
  const whole = /'((?:edit|nudity|person|conversation):[\w-]+)'|\breason: '([\w:-]+)'/g;
  const filled = /`([a-z][\w-]+):\$\{|const PREFIX = '([\w-]+):'/g;
  return files.flatMap((text) => [...text.matchAll(whole), ...text.matchAll(filled)].map(([, ...parts]) => parts.find(Boolean) ?? ''));
}

/** Codes that are wholly filled in, from the lists that fill them. */
const FILLED = [
  ...ENTRY_KINDS.map((kind) => `gazetteer:${kind}`),
  ...['young', 'illegible'].map((impression) => `face:${impression}`),
  ...['lexicon', 'pattern', 'malformed', 'hostile'].map((kind) => `${kind}:some-rule`),
  ...['tampered', 'tampered_input', 'unreadable'].map((reason) => `credential:${reason}`),
  ...['threw', 'timed_out', 'missing', 'garbled'].map((cause) => `failed:${cause}`),
];

describe('codes of the gateway', () => {
  it('have words for every check that ships and for what it finds', () => {
    expect(checks.length).toBeGreaterThan(10);
    expect(checks.filter((id) => !isKey(`check.${id}`))).toEqual([]);
    const found = [...codesInSource(), ...FILLED];
    expect(found).toEqual(expect.arrayContaining(['edit:bared', 'nudity:explicit', 'hash', 'classifier', 'drawn-text', 'unreadable']));
    const known = (code: string) => codeWords(code, say) !== null || Object.keys(codes).some((key) => key.startsWith(`why.${code}:`));
    expect(found.filter((code) => !known(code))).toEqual([]);
  });

  it('have words for what the shipped classifier of texts tells apart', () => {
    const model = readFileSync(new URL('../policies/standard/prompt-model.json', SOURCE), 'utf8');
    const { heads } = z.object({ heads: z.array(z.object({ name: z.string() })).min(1) }).parse(JSON.parse(model));
    expect(heads.map(({ name }) => name).filter((name) => !isKey(`category.${name}`) && !isKey(`head.${name}`))).toEqual([]);
  });

  it('have words for states, acts, measures and whatever else comes as a name', () => {
    const names = [
      ...[...CASE_STATES, ...APPEAL_STATES, ...NOTICE_STATES].map((state) => `status.${state}`),
      ...generationStates().map((state) => `status.${state}`),
      ...MEASURES.map((measure) => `userAction.${measure}`),
      ...QUALITY.map((measure) => `measure.${measure}`),
      ...UPLOAD_SITUATIONS.map((situation) => `situation.${situation}`),
      ...DECLARATIONS.map((declaration) => `declaration.${declaration}`),
      ...SLOS.flatMap(({ id }) => [`slo.${id}`, `slo.${id}.promise`]),
      ...CROSS_FLOORS.map(({ rule }) => `rule.${rule}`),
      ...DIMENSIONS.map((dimension) => `dimension.${dimension}`),
    ];
    expect(names.filter((name) => !isKey(name))).toEqual([]);
    const acts = [...LOOKS.map((what) => `looked:${what}`), ...CASE_DECISIONS.map((name) => `decided:${name}`), ...actsInSource()];
    expect(acts.filter((act) => actWords(act, say) === null)).toEqual([]);
    const removed = Object.values(KINDS).map(({ takedownReason }) => takedownReason);
    expect(removed.filter((reason) => takedownWords(reason, say) === reason)).toEqual([]);
  });

  it('are told from the longest beginning that has words, with the rest inside', () => {
    expect(codeWords('metadata:lexicon:self-harm', say)).toBe('in the data of the file: words of the rule “self-harm”');
    expect(codeWords('conversation:hate', say)).toBe('over the whole conversation: Hate');
    expect(codeWords('person:protected:person_1', say)).toBe('a protected person');
    expect(codeWords('our-own-model:mascot', say)).toBeNull();
  });

  it('tell a rule that the gateway makes itself from one that somebody wrote', () => {
    expect(ruleWords('failed:nudity', say)).toBe('A check could not tell: Nudity');
    expect(ruleWords('failed:coverage:hate', say)).toBe('Nothing looks for this any more: Hate');
    expect(ruleWords('abstained:our-own-check', say)).toBe('A check did not judge: our-own-check');
    expect(ruleWords('our-own-rule', say)).toBeNull();
    expect(['threshold:hate:hold', 'unlisted:ip:block', 'floor:minor_sexual', 'hate'].map(categoryOfRule)).toEqual([
      'hate',
      'ip',
      null,
      null,
    ]);
  });

  it('leave a reason for a takedown as an operator wrote it', () => {
    expect(takedownWords('notice-hate', say)).toBe('Hate or threat');
    expect(['court-order', 'notice-of-ours'].map((reason) => takedownWords(reason, say))).toEqual(['court-order', 'notice-of-ours']);
  });
});

/** How work on a case ends, and what stands in its history besides: named in the query that reads it. */
function actsInSource(): string[] {
  const history = readFileSync(new URL('review/dossier/history-of.ts', SOURCE), 'utf8');
  const leases = readFileSync(new URL('review/leases.ts', SOURCE), 'utf8');
  const ends = /how: ('decided'[^,]+),/.exec(leases)?.[1] ?? '';
  const named = [...ends.matchAll(/'(\w+)'/g), ...history.matchAll(/(?:act: |then |else |'policy', )'(\w+)'/g)].map(([, act = '']) => act);
  expect(named).toEqual(expect.arrayContaining(['expired', 'approved', 'undone', 'held', 'opened']));
  return named.filter((act) => act !== 'decided');
}

function generationStates(): string[] {
  const store = readFileSync(new URL('generations/generation-store.ts', SOURCE), 'utf8');
  const states = [...(/const state = z\.enum\(\[([^\]]+)\]/.exec(store)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(([, state = '']) => state);
  expect(states).toContain('interrupted');
  return states;
}
