import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSignedLinks } from './signed-links.ts';

const START = 1_800_000_000_000;

function links(secret = 1) {
  const clock = { now: START };
  const made = createSignedLinks({
    secret: new Uint8Array(32).fill(secret),
    baseUrl: () => 'https://pictures.example',
    now: () => clock.now,
  });
  const parts = (artifact = 'art_one') => {
    const url = new URL(made.linkTo(artifact, 'png'));
    return { url, expires: url.searchParams.get('expires') ?? '', signature: url.searchParams.get('signature') ?? '' };
  };
  return { ...made, clock, parts };
}

describe('a link to a picture', () => {
  it('opens that picture for an hour and not a moment longer', () => {
    const { parts, isGood, clock } = links();
    const { url, expires, signature } = parts();
    expect(url.href.startsWith('https://pictures.example/v1/artifacts/art_one.png?')).toBe(true);
    expect(isGood('art_one', expires, signature)).toBe(true);
    clock.now = START + 3_600_000 - 1;
    expect(isGood('art_one', expires, signature)).toBe(true);
    clock.now = START + 3_600_000;
    expect(isGood('art_one', expires, signature)).toBe(false);
  });

  it('opens no other picture', () => {
    const { parts, isGood } = links();
    const { expires, signature } = parts();
    expect(isGood('art_two', expires, signature)).toBe(false);
  });

  it('cannot be made to last longer', () => {
    const { parts, isGood } = links();
    const { expires, signature } = parts();
    expect(isGood('art_one', String(Number(expires) + 1), signature)).toBe(false);
    expect(isGood('art_one', `${expires}0`, signature)).toBe(false);
  });

  it('cannot be made by somebody with another secret', () => {
    const { expires, signature } = links(2).parts();
    expect(links(1).isGood('art_one', expires, signature)).toBe(false);
  });

  it('is refused, and nothing breaks, whatever a stranger writes into it', () => {
    const { isGood } = links();
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string({ unit: 'binary' }),
        (artifact, expires, signature) => !isGood(artifact, expires, signature),
      ),
    );
    const { expires, signature } = links().parts();
    for (const cut of ['', signature.slice(0, -1), `${signature}A`]) expect(isGood('art_one', expires, cut)).toBe(false);
  });
});
