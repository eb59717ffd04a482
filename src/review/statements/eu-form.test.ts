import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../contracts/category.ts';
import { euForm } from './eu-form.ts';
import { euStatement } from './eu-statement.ts';
import { LAWS, RESTRICTIONS, type ReasonsRecord, reasonsOf } from './reasons-record.ts';

const record: ReasonsRecord = {
  puid: 'dec_01k',
  restriction: 'removed',
  content: 'picture',
  categories: ['ncii_undress'],
  contentOn: '2026-11-20',
  decidedOn: '2026-11-22',
  detection: 'people',
  decision: 'not_automated',
  source: 'notice',
  by: 'operator',
  policy: 'standard@1.0.0',
  law: null,
};

describe('the EU form of a statement of reasons', () => {
  it('is valid for every record that there can be', () => {
    const records = fc.record({
      puid: fc.constant('dec_01k'),
      restriction: fc.constantFrom(...RESTRICTIONS),
      content: fc.constantFrom('text' as const, 'picture' as const),
      categories: fc.subarray([...CATEGORIES]),
      contentOn: fc.constant('2026-11-20'),
      decidedOn: fc.constant('2026-11-22'),
      detection: fc.constantFrom('automated' as const, 'people' as const),
      decision: fc.constantFrom('fully' as const, 'partially' as const, 'not_automated' as const),
      source: fc.constantFrom('own' as const, 'notice' as const, 'trusted_flagger' as const, 'order' as const),
      by: fc.constantFrom('policy' as const, 'model' as const, 'operator' as const),
      policy: fc.constantFrom('standard@1.0.0', 'strict@2.11.0'),
      law: fc.constantFrom(null, ...LAWS),
      endsOn: fc.constantFrom(null, '2026-11-29'),
    });
    fc.assert(
      fc.property(records, (one) => euStatement.safeParse(euForm(one)).success),
      { numRuns: 2000 },
    );
  });

  it('says of a takedown after a notice that people found it and a person decided', () => {
    expect(euForm({ ...record, law: 'intimate_imagery' })).toMatchObject({
      decision_visibility: ['DECISION_VISIBILITY_CONTENT_REMOVED'],
      decision_ground: 'DECISION_GROUND_ILLEGAL_CONTENT',
      content_type: ['CONTENT_TYPE_IMAGE', 'CONTENT_TYPE_SYNTHETIC_MEDIA'],
      category: 'STATEMENT_CATEGORY_CYBER_VIOLENCE',
      category_specification: ['KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE'],
      source_type: 'SOURCE_ARTICLE_16',
      automated_detection: 'No',
      automated_decision: 'AUTOMATED_DECISION_NOT_AUTOMATED',
      puid: 'dec_01k',
    });
  });

  it('reads automation off who decided, never off what somebody typed', () => {
    const policy = { name: 'standard', version: '1.0.0', digest: 'sha256:00' };
    const facts = { id: 'dec_1' as const, action: 'block' as const, stage: 'prompt' as const, categories: ['hate' as const], policy };
    const before = { subject: 'prompt' as const, categories: [], receivedAt: new Date('2026-11-20') };
    const by = (decidedBy: Parameters<typeof reasonsOf>[0]['decidedBy']) => {
      const reasons = reasonsOf({ ...facts, decidedAt: new Date('2026-11-22'), decidedBy }, before);
      if (reasons === null) throw new Error('a block has reasons');
      const { automated_detection, automated_decision } = euForm(reasons);
      return [automated_detection, automated_decision];
    };
    expect(by({ kind: 'policy' })).toEqual(['Yes', 'AUTOMATED_DECISION_FULLY']);
    expect(by({ kind: 'operator', keyId: 'key_1' })).toEqual(['Yes', 'AUTOMATED_DECISION_PARTIALLY']);
    expect(reasonsOf({ ...facts, action: 'allow', decidedAt: new Date(), decidedBy: { kind: 'policy' } }, before)).toBeNull();
  });
});

describe('what the Transparency Database would refuse or drop', () => {
  const good = euForm(record);
  const problems = (change: object) => euStatement.safeParse({ ...good, ...change }).error?.issues.map(({ path }) => path[0]);
  const { decision_visibility: _, ...undecided } = good;
  const { incompatible_content_ground: __, ...groundless } = good;

  it.each([
    ['no decision at all', () => euStatement.safeParse(undecided).error?.issues.map(({ path }) => path[0]), 'decision_visibility'],
    [
      'a ground without its words',
      () => euStatement.safeParse(groundless).error?.issues.map(({ path }) => path[0]),
      'incompatible_content_ground',
    ],
    [
      'an "other" that nobody explains',
      () => problems({ decision_visibility: ['DECISION_VISIBILITY_OTHER'] }),
      'decision_visibility_other',
    ],
    ['an explanation of an "other" that is none', () => problems({ content_type_other: 'a hologram' }), 'content_type_other'],
    ['words of the law under the contract', () => problems({ illegal_content_legal_ground: 'a law' }), 'illegal_content_legal_ground'],
    [
      'a notifier of an own initiative',
      () => problems({ source_type: 'SOURCE_VOLUNTARY', source_identity: 'a hotline' }),
      'source_identity',
    ],
    ['an end of what was not imposed', () => problems({ end_date_account_restriction: '2027-01-01' }), 'end_date_account_restriction'],
    ['an end before the start', () => problems({ end_date_visibility_restriction: '2026-01-01' }), 'end_date_visibility_restriction'],
    ['the category twice', () => problems({ category_addition: [good.category] }), 'category_addition'],
    ['a day that does not exist', () => problems({ application_date: '2026-02-30' }), 'application_date'],
    ['a day before the database', () => problems({ application_date: '2019-12-31', content_date: '2019-12-01' }), 'application_date'],
    ['a keyword of another year', () => problems({ category_specification: ['KEYWORD_NEW'] }), 'category_specification'],
    ['a country outside', () => problems({ territorial_scope: ['US'] }), 'territorial_scope'],
    ['an id with a space', () => problems({ puid: 'dec 1' }), 'puid'],
    ['a field of its own', () => euStatement.safeParse({ ...good, reporter: 'x' }).error?.issues.map(() => 'unknown'), 'unknown'],
    ['a person in the facts', () => problems({ decision_facts: 'Asked by jo.doe@example.org' }), 'decision_facts'],
  ])('is refused here: %s', (_name, found, field) => {
    expect(found()).toContain(field);
  });
});
