import { describe, expect, it } from 'vitest';
import { smallPng } from '../../src/detectors/pictures.fixture.ts';
import { bytesOf, dataUrl } from './answers.ts';
import { RELEASES, thrownBy } from './sdk-releases.ts';
import { useStudio } from './studio.ts';
import { neutralPicture } from './upstream.ts';

// The calls of the SDK that look at something and make nothing: models, moderations, provenance checks.

const studio = useStudio({
  settings: (baseUrl) => ({
    models: [
      { name: 'studio', kind: 'openai', baseUrl },
      { name: 'second', kind: 'openai', baseUrl },
    ],
    aliases: { sketch: 'second' },
  }),
});

describe.each(RELEASES)('the unmodified SDK, $release', ({ OpenAI: release }) => {
  const client = () => studio.gateway.sdk('api', { release });

  it('lists the models and finds one by any name that it may write', async () => {
    const { data } = await client().models.list();
    expect(data.map(({ id }) => id)).toEqual(['studio', 'second', 'sketch']);
    expect(await client().models.retrieve('studio')).toMatchObject({ id: 'studio', object: 'model' });
    expect(await client().models.retrieve('dall-e-3')).toMatchObject({ id: 'dall-e-3', object: 'model' });
    await expect(client().models.retrieve('nonsense')).rejects.toBeInstanceOf(release.NotFoundError);
  });

  it('moderates a text, several texts, and a text with a picture', async () => {
    const one = await client().moderations.create({ model: 'omni-moderation-latest', input: 'a bowl of fruit' });
    expect(one.results).toHaveLength(1);
    expect(one.results[0]).toMatchObject({ flagged: false, categories: { violence: false, 'self-harm/intent': false } });

    const many = await client().moderations.create({ input: ['a bowl of fruit', 'a scene full of gore', 'a tree'] });
    expect(many.results.map(({ flagged }) => flagged)).toEqual([false, true, false]);
    expect(many.results[1]?.categories).toMatchObject({ violence: true, 'violence/graphic': true, violence_gore: true });
    expect(many.results[1]?.category_applied_input_types).toMatchObject({ violence: ['text'] });

    const mixed = await client().moderations.create({
      input: [
        { type: 'text', text: 'what is this?' },
        { type: 'image_url', image_url: { url: dataUrl(await neutralPicture()) } },
      ],
    });
    expect(mixed.results).toHaveLength(1);
    expect(mixed.results[0]?.flagged).toBe(false);
    expect(studio.upstream.calls).toHaveLength(0);
  });

  it('is warned by the moderation of a picture that hides something behind its last byte', async () => {
    const polyglot = Buffer.concat([smallPng(), Buffer.from('<html><script>alert(1)</script></html>')]);
    const { results } = await client().moderations.create({ input: [{ type: 'image_url', image_url: { url: dataUrl(polyglot) } }] });
    expect(results[0]).toMatchObject({ flagged: true, category_applied_input_types: { unsafe_file: ['image'] } });
  });

  it('is told plainly that a picture elsewhere is not fetched for it', async () => {
    const input = [{ type: 'image_url' as const, image_url: { url: 'https://example.com/a.png' } }];
    const error = await thrownBy(client().moderations.create({ input }));
    expect(error).toBeInstanceOf(release.BadRequestError);
    expect(error.code).toBe('request_invalid');
  });
});

/** The SDK of major 6 has no resource for it yet, so there the call is made by hand, as its users must. */
async function provenanceOf(bytes: Buffer, client = studio.gateway.sdk()) {
  const file = new File([new Uint8Array(bytes)], 'a.png');
  return client.contentProvenanceChecks.create({ file });
}

describe('the provenance check', () => {
  it('finds our credential in a picture that we made', async () => {
    const before = Date.now() - 1000;
    const answer = await studio.gateway.sdk().images.generate({ model: 'studio', prompt: 'a ball' });
    const { object, created_at, results } = await provenanceOf(bytesOf(answer.data?.[0]));
    expect(object).toBe('content_provenance_check');
    expect(created_at * 1000).toBeGreaterThanOrEqual(before - 1000);
    const found = results.find(({ type }) => type === 'c2pa');
    expect(found).toMatchObject({
      outcome: 'detected',
      validation_state: 'trusted',
      issuer: expect.any(String),
      model: expect.stringContaining('studio'),
    });
    // RFC 3339, as the SDK types it.
    expect(found?.generated_at).toMatch(/^\d{4}-\d{2}-\d{2}T.*Z$/);
    expect(Date.parse(found?.generated_at ?? '')).toBeGreaterThanOrEqual(before);
  });

  it('finds nothing in a picture of somebody else, and a broken seal in ours when a pixel was changed', async () => {
    const foreign = await provenanceOf(await neutralPicture());
    expect(foreign.results[0]).toMatchObject({ outcome: 'not_detected', validation_state: 'not_present', generated_at: null });

    const answer = await studio.gateway.sdk().images.generate({ model: 'studio', prompt: 'a ball' });
    const bytes = bytesOf(answer.data?.[0]);
    const at = bytes.lastIndexOf('IDAT');
    bytes[at + 40] = (bytes[at + 40] ?? 0) ^ 1;
    expect((await provenanceOf(bytes)).results[0]).toMatchObject({ outcome: 'detected', validation_state: 'invalid' });
  });

  it('needs a key and exactly one file', async () => {
    const form = new FormData();
    form.append('file', new Blob(['x']), 'a.png');
    const stranger = await fetch(`${studio.gateway.url}/v1/content_provenance_checks`, { method: 'POST', body: form });
    expect(stranger.status).toBe(401);
    form.append('file', new Blob(['y']), 'b.png');
    expect((await studio.gateway.fetch('/v1/content_provenance_checks', { method: 'POST', body: form })).status).toBe(400);
  });
});
