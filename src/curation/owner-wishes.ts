import { decode } from 'cborg';
import { z } from 'zod';
import type { LabeledText } from '../detectors/containers/container-report.ts';
import { credentialPlace } from '../provenance/credential-place.ts';
import { readXmp, type XmpProperties } from '../provenance/foreign/xmp-properties.ts';
import { sniffFormat } from '../provenance/image-format.ts';
import { boxesIn, superbox } from '../provenance/jumbf.ts';
import type { Wishes } from './picture-facts.ts';
import { readRightsText } from './rights-text.ts';

const PLUS = 'http://ns.useplus.org/ldf/xmp/1.0/';
const RIGHTS = 'http://ns.adobe.com/xap/1.0/rights/';
const TDM = 'http://www.w3.org/ns/tdmrep/';
/** Where licences stand, the most precise first. */
const LICENCES = [
  '{http://creativecommons.org/ns#}license',
  '{http://ns.adobe.com/xap/1.0/rights/}WebStatement',
  '{http://ns.adobe.com/xap/1.0/rights/}UsageTerms',
  '{http://purl.org/dc/elements/1.1/}rights',
];

/** Whoever states one of these has given a licence, whatever else is reserved. */
const STATED = LICENCES.slice(0, 2);

/** Where makers and owners stand. */
const MAKERS = [
  '{http://purl.org/dc/elements/1.1/}creator',
  '{http://purl.org/dc/elements/1.1/}rights',
  '{http://ns.adobe.com/photoshop/1.0/}Credit',
  '{http://ns.adobe.com/xap/1.0/rights/}Owner',
];
/** Fields of other kinds that name one. */
const MAKER_FIELD = /^(?:png|exif):(?:artist|author|creator|copyright)$/i;

/** Where rights are told in words, and how that is called in a reason. */
const NOTICES: readonly (readonly [name: string, code: string])[] = [
  ['{http://purl.org/dc/elements/1.1/}rights', 'xmp:rights'],
  ['{http://ns.adobe.com/xap/1.0/rights/}UsageTerms', 'xmp:usage-terms'],
  [`{${PLUS}}OtherConstraints`, 'xmp:other-constraints'],
  ['{http://ns.adobe.com/photoshop/1.0/}Instructions', 'xmp:instructions'],
];
const NOTICE_FIELD = /^(png|exif):(copyright|disclaimer)$/i;
/** That these say nothing against training is known. */
const NO_REFUSAL = ['DMI-ALLOWED', 'DMI-UNSPECIFIED', ''];

/** Wishes in the XMP of a file, or of the file beside it, and in its other fields of words. */
export function wishesInXmp(fields: readonly LabeledText[], sidecar: string | null): Wishes {
  const packets = [...fields.filter(({ label }) => label === 'xmp:packet').map(({ text }) => text), ...(sidecar === null ? [] : [sidecar])];
  const all = packets.map(propertiesOf);
  const values = (name: string) => all.flatMap((properties) => properties?.get(name) ?? []);
  // PLUS writes the code at the end of an address.
  const mining = values(`{${PLUS}}DataMining`).map((value) => value.slice(value.lastIndexOf('/') + 1).slice(0, 60));
  const said = [
    ...fields.flatMap(({ label, text }) => (NOTICE_FIELD.test(label) ? [{ code: label.toLowerCase(), text }] : [])),
    ...NOTICES.flatMap(([name, code]) => values(name).map((text) => ({ code, text }))),
  ].map(({ code, text }) => ({ code, says: readRightsText(text) }));
  const isReserved = said.some(({ says }) => says === 'reserved') || values(`{${RIGHTS}}Marked`).some((value) => /^true$/i.test(value));
  const licence = LICENCES.flatMap(values).find((value) => value.trim() !== '');
  return {
    optOuts: [
      ...mining.filter((code) => code.startsWith('DMI-PROHIBITED')).map((code) => `plus:${code}`),
      // A wish that nobody knows is not "nothing".
      ...(mining.some((code) => !code.startsWith('DMI-PROHIBITED') && !NO_REFUSAL.includes(code)) ? ['plus:unknown'] : []),
      ...(values(`{${TDM}}reservation`).includes('1') ? ['xmp:tdm-reservation'] : []),
      // Somebody wrote a packet that cannot be read: what it wished is not known, and that is not "nothing".
      ...(all.includes(null) ? ['xmp:unreadable'] : []),
      ...new Set(said.filter(({ says }) => says === 'refused').map(({ code }) => code)),
    ].slice(0, 32),
    notices: [
      ...(said.some(({ says }) => says === 'mentioned') ? ['rights:training-mentioned'] : []),
      ...(isReserved && STATED.flatMap(values).length === 0 ? ['rights:reserved'] : []),
    ],
    licence: licence === undefined ? null : licence.trim().slice(0, 200),
    makers: [...fields.filter(({ label }) => MAKER_FIELD.test(label)).map(({ text }) => text), ...MAKERS.flatMap(values)]
      .map((maker) => maker.trim().slice(0, 200))
      .filter((maker) => maker !== '')
      .slice(0, 32),
  };
}

function propertiesOf(packet: string): XmpProperties | null {
  try {
    return readXmp(packet);
  } catch {
    return null;
  }
}

const LABEL = /^(?:cawg|c2pa)\.training-mining(?:__\d+)?$/;
/** What training is; inference and search are other uses. */
const USES = /(?:^|\.)(ai_training|ai_generative_training|data_mining)$/;
const entriesSchema = z.looseObject({ entries: z.record(z.string(), z.looseObject({ use: z.string() })) });

/**
 * Opt-outs in the content credentials of a file, of its ingredients as well (CAWG 1.1 §5, C2PA before 2.0). Whether the credential is valid does not
 * matter: nobody forges a wish to be left out of somebody else's picture, and the price of believing it is one picture.
 */
export function wishesInCredential(bytes: Buffer): readonly string[] {
  const format = sniffFormat(bytes);
  const place = format === null ? [] : credentialPlace(bytes, format);
  if (place.length === 0) return [];
  try {
    const store = Buffer.concat(place.map(({ start, end }) => bytes.subarray(start, end)));
    return [...new Set(assertionsIn(store).flatMap(refusedUses))];
  } catch {
    return ['c2pa:unreadable'];
  }
}

/** The contents of all training-and-mining assertions of all manifests. */
function assertionsIn(store: Buffer): readonly unknown[] {
  const [root] = boxesIn(store, 0, store.length);
  const manifests = root === undefined ? [] : superbox(store, root).children;
  return manifests
    .flatMap((manifest) => superbox(store, manifest).children)
    .filter(({ type }) => type === 'jumb')
    .map((part) => superbox(store, part))
    .filter(({ label }) => label === 'c2pa.assertions')
    .flatMap(({ children }) => children.map((child) => superbox(store, child)))
    .filter(({ label }) => LABEL.test(label))
    .map(({ children }) => {
      const [content] = children;
      if (content === undefined) throw new TypeError('an assertion without content');
      const bytes = store.subarray(content.contentStart, content.end);
      return content.type === 'json' ? JSON.parse(bytes.toString()) : decode(bytes);
    });
}

function refusedUses(assertion: unknown): readonly string[] {
  const { entries } = entriesSchema.parse(assertion);
  return Object.entries(entries).flatMap(([name, { use }]) => {
    const [, what] = USES.exec(name) ?? [];
    return what === undefined || use === 'allowed' ? [] : [`c2pa:${what}`];
  });
}
