import { describe, expect, it } from 'vitest';
import { newId } from '../../contracts/ids.ts';
import type { ConsentScope, PersonEntry } from './person.ts';
import { scaleOf } from './scale.ts';
import { type Occasion, standingOf } from './standing.ts';

const at = new Date('2026-11-22T12:00:00Z');
const entry = (more: Partial<PersonEntry>): PersonEntry => ({
  id: newId('entry'),
  list: 'consent',
  scope: { purposes: ['edit'] },
  hasDocument: false,
  addedBy: 'local',
  addedAt: new Date('2026-01-01'),
  expiresAt: null,
  revokedAt: null,
  ...more,
});
const edit: Occasion = { at, operation: 'edit', surface: 'app', application: 'studio', regions: ['DE'] };
const within = (scope: Partial<ConsentScope>, occasion: Partial<Occasion> = {}) =>
  standingOf([entry({ scope: { purposes: ['edit'], ...scope } })], { ...edit, ...occasion });

describe('a consent', () => {
  it.each<[string, Partial<ConsentScope>, Partial<Occasion>]>([
    ['its purpose', {}, {}],
    ['its surface', { surfaces: ['app', 'chat'] }, {}],
    ['its application', { applications: ['studio'] }, {}],
    ['the country', { regions: ['DE'] }, { regions: ['DE-BY'] }],
    ['the Union', { regions: ['EU'] }, { regions: ['DE', 'FR'] }],
    ['training', { purposes: ['training'] }, { operation: 'training' }],
  ])('holds within %s', (_, scope, occasion) => {
    expect(within(scope, occasion)).toBe('consented');
  });

  it.each<[string, Partial<ConsentScope>, Partial<Occasion>]>([
    ['for another purpose', { purposes: ['generate', 'advertising'] }, {}],
    ['for training, when it names another purpose', {}, { operation: 'training' }],
    ['where nobody says what is done', {}, { operation: undefined }],
    ['on another surface', { surfaces: ['chat'] }, {}],
    ['for another application', { applications: ['shop'] }, {}],
    ['for an application that nobody names', { applications: ['shop'] }, { application: undefined }],
    ['where the pictures are seen elsewhere, too', { regions: ['DE'] }, { regions: ['DE', 'US'] }],
    ['where nobody knows who sees them', { regions: ['EU'] }, { regions: undefined }],
  ])('does not hold %s, and the person is then known not to have agreed', (_, scope, occasion) => {
    expect(within(scope, occasion)).toBe('no-consent');
  });

  it('ends on its day, and when it is taken back', () => {
    expect(standingOf([entry({ expiresAt: new Date(at.getTime() + 1) })], edit)).toBe('consented');
    expect(standingOf([entry({ expiresAt: at })], edit)).toBe('no-consent');
    expect(standingOf([entry({ revokedAt: at })], edit)).toBe('no-consent');
  });

  it('is one of several: that another one was taken back does not matter', () => {
    expect(standingOf([entry({ revokedAt: at }), entry({})], edit)).toBe('consented');
  });
});

describe('who is protected, or asked not to be shown', () => {
  it('is so whatever consent there is', () => {
    expect(standingOf([entry({}), entry({ list: 'no_consent' })], edit)).toBe('no-consent');
    expect(standingOf([entry({}), entry({ list: 'no_consent' }), entry({ list: 'protected' })], edit)).toBe('protected');
  });

  it('is a stranger again when that was taken back or is over', () => {
    expect(standingOf([entry({ list: 'protected', revokedAt: at })], edit)).toBe('none');
    expect(standingOf([entry({ list: 'no_consent', expiresAt: at })], edit)).toBe('none');
  });
});

describe('the size of the register', () => {
  it('is warned of beyond some hundreds, with what to expect', () => {
    expect(scaleOf(300)).toMatchObject({ warning: null, falseMatchesPerFace: { all: 0.03, worstGroup: 0.3 } });
    expect(scaleOf(1_200).warning).toContain('expect 0.12 false matches for each face of a stranger, and 1.2 for a woman');
  });
});
