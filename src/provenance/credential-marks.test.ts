import { afterAll, expect, it } from 'vitest';
import { mayCarryCredential } from './credential-marks.ts';
import { FACTS, picture } from './pictures.fixture.ts';
import { testPki } from './pki.fixture.ts';
import { createProvenance } from './provenance.ts';

const { signer, rootPem } = await testPki();
const provenance = createProvenance({ signer, trustAnchorsPem: rootPem });
afterAll(() => provenance.close());

it.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)(
  'a signed %s is never passed over, and a plain one has no credential',
  async (format) => {
    const plain = await picture(format);
    const { bytes } = await provenance.sign({ bytes: plain, format, manifest: FACTS });
    expect(mayCarryCredential(bytes)).toBe(true);
    expect(mayCarryCredential(plain)).toBe(false);
    expect((await provenance.verify(plain)).state).toBe('none');
  },
);
