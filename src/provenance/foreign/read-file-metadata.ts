import type { LabeledText } from '../../detectors/containers/container-report.ts';
import { DEFAULT_LIMITS } from '../../detectors/containers/container-report.ts';
import { type Container, readContainer } from '../../detectors/containers/read-container.ts';
import { sourceTypeName } from './credential-history.ts';
import { type FileMetadata, unreadMetadata } from './file-metadata.ts';
import { generatorMentions } from './generator-mentions.ts';
import { readTc260 } from './tc260.ts';
import { readXmp, UnreadableXmp, type XmpProperties } from './xmp-properties.ts';

const NS = {
  iptcExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/',
  plus: 'http://ns.useplus.org/ldf/xmp/1.0/',
  xmp: 'http://ns.adobe.com/xap/1.0/',
  photoshop: 'http://ns.adobe.com/photoshop/1.0/',
  dc: 'http://purl.org/dc/elements/1.1/',
  tc260: 'http://www.tc260.org.cn/ns/AIGC/1.0/',
  tiff: 'http://ns.adobe.com/tiff/1.0/',
} as const;

const MAX_CHARS = 200;
const OWN_GUID = 'urn:imprimatur:art_';
const OWN_TOOL = ' via Imprimatur';

/** Everything of a file but its pixels. `fields` may hold what stands hidden in the pixels; see `hidden-metadata.ts`. */
export interface FileReading {
  readonly container: Container;
  readonly metadata: FileMetadata;
}

/**
 * What a file says of itself, from its bytes alone, without decoding a pixel and without the words of any prompt. Never throws;
 * reads at most what `readContainer` does.
 */
export function readFileMetadata(bytes: Uint8Array, hidden: readonly LabeledText[] = []): FileReading {
  const container = readContainer(bytes, DEFAULT_LIMITS);
  const { report } = container;
  const problems = container.kind === 'refused' ? container.problems.map(({ severity, code }) => `${severity}:${code}`) : [];
  if (report === null) return { container, metadata: { ...unreadMetadata(''), problems } };
  const xmp = readPackets(report.labeled);
  if (xmp.isBroken) problems.push('malformed:xmp');
  const fields = [...report.labeled, ...hidden, ...xmpFields(xmp.properties)];
  const one = (namespace: keyof typeof NS, name: string) => first(xmp.properties, namespace, name);
  const sourceType = one('iptcExt', 'DigitalSourceType');
  const dataMining = one('plus', 'DataMining');
  return {
    container,
    metadata: {
      state: 'read',
      format: report.format,
      widthPx: report.widthPx,
      heightPx: report.heightPx,
      problems: problems.slice(0, 32),
      sourceType: sourceType === null ? null : sourceTypeName(sourceType),
      dataMining: dataMining === null ? null : sourceTypeName(dataMining),
      generators: generatorMentions(fields),
      aiSystem: aiSystem(xmp.properties),
      tc260: readTc260(fields),
      creatorTool: one('xmp', 'CreatorTool'),
      credit: one('photoshop', 'Credit'),
      camera: cameraOf(report.labeled, xmp.properties),
      watermarks: null,
    },
  };
}

function readPackets(labeled: readonly LabeledText[]): { readonly properties: XmpProperties; readonly isBroken: boolean } {
  const properties = new Map<string, readonly string[]>();
  let isBroken = false;
  for (const { label, text } of labeled) {
    if (label !== 'xmp:packet') continue;
    try {
      for (const [name, values] of readXmp(text)) properties.set(name, [...(properties.get(name) ?? []), ...values]);
    } catch (error) {
      if (!(error instanceof UnreadableXmp)) throw error;
      isBroken = true;
    }
  }
  return { properties, isBroken };
}

function first(properties: XmpProperties, namespace: keyof typeof NS, name: string): string | null {
  return properties.get(`{${NS[namespace]}}${name}`)?.[0]?.slice(0, MAX_CHARS) || null;
}

/** The properties that name makers, as fields beside those of the container. */
function xmpFields(properties: XmpProperties): LabeledText[] {
  const wanted: readonly (readonly [keyof typeof NS, string, string])[] = [
    ['xmp', 'CreatorTool', 'xmp:CreatorTool'],
    ['photoshop', 'Credit', 'xmp:Credit'],
    ['iptcExt', 'AISystemUsed', 'xmp:AISystemUsed'],
    ['dc', 'creator', 'xmp:creator'],
    ['dc', 'description', 'xmp:dc:description'],
    ['tc260', 'AIGC', 'xmp:AIGC'],
  ];
  return wanted.flatMap(([namespace, name, label]) =>
    (properties.get(`{${NS[namespace]}}${name}`) ?? [])
      .slice(0, 4)
      .flatMap((text) => (isOwnWord(label, text, properties) ? [] : [{ label, text }])),
  );
}

/**
 * What this gateway wrote into the file (`src/provenance/metadata/xmp-packet.ts`), which names no program of others. A file that only says so
 * hides nothing by it: its source type and AI system are read all the same.
 */
function isOwnWord(label: string, text: string, properties: XmpProperties): boolean {
  if (first(properties, 'iptcExt', 'DigImageGUID')?.startsWith(OWN_GUID) !== true) return false;
  return label === 'xmp:Credit' || label === 'xmp:AISystemUsed' || (label === 'xmp:CreatorTool' && text.endsWith(OWN_TOOL));
}

function aiSystem(properties: XmpProperties): FileMetadata['aiSystem'] {
  const name = first(properties, 'iptcExt', 'AISystemUsed');
  const version = first(properties, 'iptcExt', 'AISystemVersionUsed');
  const hasPrompt = first(properties, 'iptcExt', 'AIPromptInformation') !== null;
  return name === null && version === null && !hasPrompt ? null : { name, version, hasPrompt };
}

/** Make and model as EXIF or XMP gives them; a field with a workflow in it is no camera. */
function cameraOf(labeled: readonly LabeledText[], properties: XmpProperties): string | null {
  const field = (name: string) => labeled.find(({ label }) => label === `exif:${name}`)?.text.trim() ?? '';
  const make = field('Make') || (first(properties, 'tiff', 'Make') ?? '');
  const model = field('Model') || (first(properties, 'tiff', 'Model') ?? '');
  const name = `${make} ${model}`.trim();
  return name === '' || make === '' || model === '' || /[{}]/.test(name) ? null : name.slice(0, MAX_CHARS);
}
