import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import { reviewRules } from './configured-rules.ts';
import { queueFor, SHIPPED_QUEUES } from './queues.ts';
import { secondReviewFor } from './second-review.ts';

const SURFACES = ['chat', 'app'];
const rules = (settings: Partial<Parameters<typeof reviewRules>[0]>) =>
  reviewRules({ secondReview: [], withoutSecondReview: [], ...settings }, SURFACES);
const queue = (id: string, more: object = {}) => ({ id, name: id, description: '', needs: 'cases.read', decides: 'cases.decide', ...more });
const about = { kind: 'generation', categories: [], region: null, language: null, surface: null } as const;
const released = { name: 'release' } as const;

describe('what the configuration says of review', () => {
  it('is what is shipped where it says nothing', () => {
    const { review, surfaces } = loadConfig({ env: {} }).values;
    expect(reviewRules(review, surfaces).queues).toBe(SHIPPED_QUEUES);
  });

  it('sends cases to its own queues, and suspected child abuse material where only cleared staff see it', () => {
    const { queues } = rules({
      queues: [
        queue('elections', { takes: { categories: ['political_disinformation'], regions: ['EU'] }, needs: 'cases.assign' }),
        queue('everything', { takes: {} }),
        queue('press'),
      ],
    });
    const to = (found: object) => queueFor({ ...about, ...found }, queues).id;
    expect(to({ categories: ['political_disinformation'], region: 'DE' })).toBe('elections');
    expect(to({ categories: ['political_disinformation'], region: 'US' })).toBe('everything');
    expect(to({ categories: ['political_disinformation', 'sexual_minors'], region: 'DE' })).toBe('child_safety');
    expect(to({ kind: 'appeal' })).toBe('appeals');
    expect(queues.find(({ id }) => id === 'press')?.takes).toBeNull();
    expect(queues.some(({ id }) => id === 'intimate')).toBe(false);
  });

  it('asks two people where it says so beside the shipped rules, of which only the gravest cannot be left out', () => {
    const { secondReview } = rules({
      queues: [queue('elections', { takes: {} })],
      secondReview: [{ id: 'elections', why: 'Two for elections.', queues: ['elections'], decisions: ['release'] }],
      withoutSecondReview: ['undress'],
    });
    const why = (found: object) =>
      secondReviewFor({ restricted: false, queue: 'general', categories: [], ...found }, released, null, secondReview);
    expect([why({ queue: 'elections' }), why({}), why({ categories: ['ncii_undress'] })]).toEqual(['Two for elections.', null, null]);
    expect(why({ restricted: true })).toMatch(/two people/);
    expect(() => rules({ withoutSecondReview: ['restricted'] })).toThrow(/withoutSecondReview: there is no "restricted"/);
  });

  it('is refused with every place where it names what is not there', () => {
    const bad = () =>
      rules({
        queues: [
          queue('a', { needs: 'cases.reed' }),
          queue('senior'),
          queue('b', { takes: { surfaces: ['fax'], categories: ['sexual_minors'] } }),
        ],
        secondReview: [{ id: 'r', why: 'x', queues: ['nowhere'], decisions: ['realease'], userActions: ['banish'] }],
      });
    for (const place of [
      /review\.queues\.0\.needs: there is no "cases\.reed"/,
      /there is another queue "senior"/,
      /review\.queues\.2\.takes\.surfaces: there is no "fax"; there are chat, app/,
      /queues\.2\.takes\.categories: "sexual_minors" always goes to child_safety/,
      /secondReview\.0\.queues: there is no "nowhere"/,
      /secondReview\.0\.decisions: there is no "realease"/,
      /secondReview\.0\.userActions: there is no "banish"/,
    ])
      expect(bad).toThrow(place);
  });
});
