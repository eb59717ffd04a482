import { afterEach, describe, expect, it } from 'vitest';
import { MODEL_KINDS } from './model-kinds.ts';
import { Bench } from './upstream.fixture.ts';

const bench = new Bench();
afterEach(() => bench.close());

const SETTINGS: Record<string, object> = {
  openai: { baseUrl: 'https://api.example.com/v1/', upstreamModel: 'gpt-image-2' },
  xai: { baseUrl: 'https://api.example.com/v1' },
  stability: { baseUrl: 'https://api.example.com', engine: 'ultra' },
  automatic1111: { baseUrl: 'http://127.0.0.1:7860' },
};

describe.each(Object.entries(MODEL_KINDS))('the kind %s', (kind, { create, settings }) => {
  const make = (more: object) =>
    create({ name: 'm', settings: { ...SETTINGS[kind], ...more }, parts: { outbound: bench.outbound(), isBlack: async () => false } });

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
    expect(settings.safeParse({ ...SETTINGS[kind], ...more }).success).toBe(false);
  });
});
