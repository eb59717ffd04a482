import { afterEach, describe, expect, it } from 'vitest';
import { LEAST_SETTINGS } from './kinds.fixture.ts';
import { MODEL_KINDS } from './model-kinds.ts';
import { Bench } from './upstream.fixture.ts';

const bench = new Bench();
afterEach(() => bench.close());

const settingsOf = (kind: string) => ({ baseUrl: 'https://api.example.com/v1/', ...LEAST_SETTINGS[kind] });

describe.each(Object.entries(MODEL_KINDS))('the kind %s', (kind, { create, settings }) => {
  const make = (more: object) =>
    create({ name: 'm', settings: { ...settingsOf(kind), ...more }, parts: { outbound: bench.outbound(), isBlack: async () => false } });

  it('makes a model from its settings', () => {
    expect(make({})).toMatchObject({ name: 'm', kind, operations: expect.arrayContaining(['generate']) });
  });

  it.each([
    { baseUrl: 'ftp://x' },
    { baseUrl: 'https://user:pw@example.com' },
    { baseUrl: 'https://example.com/?key=1' },
    { baseUrl: 7 },
    { deadlineMs: 0 },
    { misspelt: true },
  ])('refuses %j at start', (more) => {
    expect(() => make(more)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(settings.safeParse({ ...settingsOf(kind), ...more }).success).toBe(false);
  });
});
