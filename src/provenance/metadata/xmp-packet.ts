import type { DataMining } from '../../contracts/data-mining.ts';
import type { ArtifactId, GenerationId } from '../../contracts/ids.ts';
import { sourceTypeUri } from '../manifest.ts';

/** What a published picture says about itself beside its credential, for programs that read no credentials. */
export interface MetadataFacts {
  /** `edited`: from a picture that the user sent. */
  readonly kind: 'created' | 'edited';
  readonly generation: GenerationId;
  readonly artifact: ArtifactId;
  readonly model: { readonly name: string; readonly version: string };
  readonly createdAt: Date;
  /** Who answers for the service, as laws on AI content want it named. */
  readonly provider: string | null;
  readonly credit: string;
  readonly dataMining: DataMining;
  /** The label of China's GB 45438-2025; null outside of its reach. */
  readonly aigc: { readonly contentProducer: string } | null;
}

const NAMESPACES = {
  xmp: 'http://ns.adobe.com/xap/1.0/',
  dc: 'http://purl.org/dc/elements/1.1/',
  photoshop: 'http://ns.adobe.com/photoshop/1.0/',
  Iptc4xmpExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/',
  plus: 'http://ns.useplus.org/ldf/xmp/1.0/',
  TC260: 'http://www.tc260.org.cn/ns/AIGC/1.0/',
} as const;

/**
 * The XMP packet (ISO 16684-1, read-only form): IPTC digital source type, AI system (IPTC Photo Metadata 2025.1) and image id, PLUS
 * data-mining preference, tool, time and credit, and TC260 where asked for. Never the prompt: the credential commits to it, and who may
 * read it is not for a published file to decide.
 */
export function xmpPacket(facts: MetadataFacts): string {
  const { model, createdAt, provider, aigc } = facts;
  const properties: readonly (readonly [`${keyof typeof NAMESPACES}:${string}`, string])[] = [
    ['xmp:CreatorTool', `${model.name} ${model.version} via Imprimatur`],
    ['xmp:CreateDate', createdAt.toISOString()],
    ['photoshop:Credit', facts.credit],
    ...(provider === null ? [] : [['photoshop:Source', provider] as const]),
    ['Iptc4xmpExt:DigitalSourceType', sourceTypeUri(facts.kind)],
    ['Iptc4xmpExt:DigImageGUID', `urn:imprimatur:${facts.artifact}`],
    ['Iptc4xmpExt:AISystemUsed', model.name],
    ['Iptc4xmpExt:AISystemVersionUsed', model.version],
    ['plus:DataMining', `http://ns.useplus.org/ldf/vocab/${facts.dataMining}`],
    ...(aigc === null ? [] : [['TC260:AIGC', aigcLabel(aigc.contentProducer, facts)] as const]),
  ];
  const used = new Set(properties.map(([name]) => name.split(':')[0]));
  const declared = Object.entries(NAMESPACES).flatMap(([prefix, uri]) => (used.has(prefix) ? [`xmlns:${prefix}="${uri}"`] : []));
  const elements = properties.map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`);
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    `<rdf:Description rdf:about="" ${declared.join(' ')}>`,
    ...elements,
    '</rdf:Description></rdf:RDF></x:xmpmeta>',
    '<?xpacket end="r"?>',
  ].join('\n');
}

/** GB 45438-2025, annex E: `Label` 1 means generated; codes that nobody gave stay empty. */
function aigcLabel(contentProducer: string, { artifact }: MetadataFacts): string {
  return JSON.stringify({
    Label: '1',
    ContentProducer: contentProducer,
    ProduceID: artifact,
    ReservedCode1: '',
    ContentPropagator: '',
    PropagateID: '',
    ReservedCode2: '',
  });
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const MAX_VALUE_CHARS = 512;

/** A model's name may come from outside: what XML 1.0 cannot hold is left out. */
function escapeXml(value: string): string {
  const allowed = [...value.slice(0, MAX_VALUE_CHARS)].filter((char) => char >= ' ' && !/[\ud800-\udfff\ufffe\uffff\x7f]/.test(char));
  return allowed.map((char) => ENTITIES[char] ?? char).join('');
}
