import { type BmffBox, box, boxesOf, fullBox } from './bmff-box.ts';
import { type Extent, itemLocations } from './item-locations.ts';

const XMP_TYPE = 'application/rdf+xml';
const METADATA_TYPES: ReadonlySet<string> = new Set(['mime', 'Exif', 'uri ']);

/**
 * As an item of type `mime` that describes the primary item (HEIF, ISO 23008-12 Annex A.3), its bytes in a box at the end of the file.
 * The `meta` box grows, so the locations of all items behind it move along. Image sequences are refused: their tables are others.
 */
export function withXmpInAvif(avif: Buffer, xmp: Buffer): Buffer {
  const boxes = boxesOf(avif, 0);
  const meta = boxes.find(({ type }) => type === 'meta');
  if (meta === undefined || boxes.some(({ type }) => type === 'moov')) throw new TypeError('not a still AVIF');
  const build = (shift: number) => metaWithXmp(avif, meta, { shift, dataAt: avif.length + shift + 8, dataLength: xmp.length });
  const grown = build(0).meta.length - (meta.end - meta.start);
  const built = build(grown);
  const rest = Buffer.from(avif);
  // Nothing leads to the old metadata any more, but its words would still be there to be read.
  for (const { offset, length } of built.freed) rest.fill(0, offset, offset + length);
  return Buffer.concat([rest.subarray(0, meta.start), built.meta, rest.subarray(meta.end), box('mdat', xmp)]);
}

interface Placement {
  /** By how many bytes everything behind `meta` moves. */
  readonly shift: number;
  readonly dataAt: number;
  readonly dataLength: number;
}

interface RebuiltMeta {
  readonly meta: Buffer;
  readonly freed: readonly Extent[];
}

function metaWithXmp(avif: Buffer, meta: BmffBox, { shift, dataAt, dataLength }: Placement): RebuiltMeta {
  const children = boxesOf(avif, meta.contentStart + 4, meta.end);
  const child = (type: string) => children.find((one) => one.type === type);
  const content = (type: string) => {
    const found = child(type);
    if (found === undefined) throw new TypeError(`the AVIF has no ${type} box`);
    return avif.subarray(found.contentStart, found.end);
  };
  const [info, primary, locations] = [content('iinf'), content('pitm'), content('iloc')];
  const entries = infoEntries(info);
  const old = new Set(entries.filter(({ isMetadata }) => isMetadata).map(({ id }) => id));
  const id = Math.max(0, ...entries.map((entry) => entry.id)) + 1;
  if (id > 0xffff) throw new TypeError('the AVIF has no item number left');
  const primaryId = primary.readUInt8(0) === 0 ? primary.readUInt16BE(4) : primary.readUInt32BE(4);
  const { iloc, freed } = itemLocations(locations, {
    without: old,
    shift,
    from: meta.end,
    added: { id, offset: dataAt, length: dataLength },
  });
  const replaced = new Map<string, Buffer>([
    ['iinf', infoBox([...entries.filter((entry) => !old.has(entry.id)).map(({ bytes }) => bytes), infoEntry(id)])],
    ['iloc', iloc],
  ]);
  const reference = child('iref');
  const references = reference === undefined ? null : avif.subarray(reference.contentStart, reference.end);
  const parts = children
    .filter(({ type }) => type !== 'iref')
    .map(({ type, start, end }) => replaced.get(type) ?? avif.subarray(start, end));
  return { meta: fullBox('meta', 0, 0, [...parts, referenceBox(references, { id, primaryId, old })]), freed };
}

interface InfoEntry {
  readonly id: number;
  /** XMP, Exif, or words of another kind: nothing that a picture is decoded by. */
  readonly isMetadata: boolean;
  readonly bytes: Buffer;
}

function infoEntries(info: Buffer): readonly InfoEntry[] {
  return boxesOf(info, info.readUInt8(0) === 0 ? 6 : 8).map(({ start, contentStart, end }) => {
    const body = info.subarray(contentStart, end);
    const version = body.readUInt8(0);
    const id = version < 3 ? body.readUInt16BE(4) : body.readUInt32BE(4);
    const typeAt = version < 3 ? 8 : 10;
    const type = version < 2 ? '' : body.toString('latin1', typeAt, typeAt + 4);
    return { id, isMetadata: METADATA_TYPES.has(type), bytes: info.subarray(start, end) };
  });
}

function infoBox(entries: readonly Buffer[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeUInt16BE(entries.length);
  return fullBox('iinf', 0, 0, [count, ...entries]);
}

/** Version 2, flag 1: not to be shown. */
function infoEntry(id: number): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(id);
  return fullBox('infe', 2, 1, [head, Buffer.from(`mime\0${XMP_TYPE}\0`, 'latin1')]);
}

interface Reference {
  readonly id: number;
  readonly primaryId: number;
  readonly old: ReadonlySet<number>;
}

/** The references there were, and `cdsc` ("describes") from the packet to the picture. */
function referenceBox(references: Buffer | null, { id, primaryId, old }: Reference): Buffer {
  const isWide = references !== null && references.readUInt8(0) !== 0;
  const width = isWide ? 4 : 2;
  const kept =
    references === null
      ? []
      : boxesOf(references, 4)
          .filter(({ contentStart }) => !old.has(references.readUIntBE(contentStart, width)))
          .map(({ start, end }) => references.subarray(start, end));
  const body = Buffer.alloc(2 * width + 2);
  body.writeUIntBE(id, 0, width);
  body.writeUInt16BE(1, width);
  body.writeUIntBE(primaryId, width + 2, width);
  return fullBox('iref', isWide ? 1 : 0, 0, [...kept, box('cdsc', body)]);
}
