/** How many changes of one byte leave a signed file trusted: `npx tsx bench/run.ts byte-flips [--flips 2000]`. */
import { parseArgs } from 'node:util';
import { survivingFlips } from '../src/provenance/byte-flips.fixture.ts';
import { CREDENTIAL_FORMATS, type CredentialFormat } from '../src/provenance/image-format.ts';
import { createMetadataWriter } from '../src/provenance/metadata/metadata-writer.ts';
import { minimalMp4 } from '../src/provenance/mp4.fixture.ts';
import { FACTS, picture } from '../src/provenance/pictures.fixture.ts';
import { testPki } from '../src/provenance/pki.fixture.ts';
import { createProvenance } from '../src/provenance/provenance.ts';
import { note, writeResult } from './results.ts';

const { values } = parseArgs({ options: { flips: { type: 'string', default: '2000' } } });
const FINGERPRINT = { alg: 'org.imprimatur.pdq', value: new Uint8Array(32).fill(0x5a), kind: 'fingerprint' } as const;
const { signer, rootPem } = await testPki();
const provenance = createProvenance({ signer, trustAnchorsPem: rootPem });
const describe = createMetadataWriter({ credit: 'AI-generated', dataMining: 'DMI-PROHIBITED' });

async function signed(format: CredentialFormat): Promise<Uint8Array> {
  const plain = format === 'mp4' ? minimalMp4() : await picture(format, 64);
  const bytes = describe(plain, format, { ...FACTS, kind: 'created', surface: 'api' });
  return (await provenance.sign({ bytes, format, manifest: { ...FACTS, softBinding: FINGERPRINT } })).bytes;
}

/** The box of brands, which no hash of the standard covers. */
const isBrand = (format: CredentialFormat, file: Uint8Array, at: number) =>
  (format === 'avif' || format === 'mp4') && at < Buffer.from(file).readUInt32BE(0);

const rows: Record<string, unknown>[] = [];
for (const format of CREDENTIAL_FORMATS) {
  const file = await signed(format);
  const { flips, survived } = await survivingFlips(
    file,
    { seed: format, flips: Number(values.flips) },
    async (changed) => (await provenance.verify(changed, format)).state === 'trusted',
  );
  const elsewhere = survived.filter(({ at }) => !isBrand(format, file, at));
  rows.push({ format, bytes: file.length, flips, inBrands: survived.length - elsewhere.length, stillTrusted: elsewhere.length, elsewhere });
  note(`${format}: ${survived.length} of ${flips} stay trusted, ${elsewhere.length} of them not in the box of brands`);
}
await provenance.close();
await writeResult('byte-flips', { formats: rows });
