/** One box of ISO 19566-5 (JUMBF); offsets are into the bytes that it was read from. */
export interface Box {
  /** Four characters. */
  readonly type: string;
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

export interface Superbox extends Box {
  /** Where its description begins: content type (16 bytes), toggles (1), label. */
  readonly descriptionStart: number;
  readonly label: string;
  /** The boxes after the description box. */
  readonly children: readonly Box[];
}

const HEADER_BYTES = 8;
/** Type (16) and toggles (1) stand before the label of a description box. */
const LABEL_OFFSET = 17;

/** The boxes that fill a range exactly. @throws TypeError when they do not. */
export function boxesIn(bytes: Buffer, start: number, end: number): readonly Box[] {
  const boxes: Box[] = [];
  for (let at = start; at < end; ) {
    const length = at + HEADER_BYTES <= end ? bytes.readUInt32BE(at) : 0;
    if (length < HEADER_BYTES || at + length > end) throw new TypeError('a JUMBF box does not fit into its parent');
    boxes.push({
      type: bytes.toString('latin1', at + 4, at + HEADER_BYTES),
      start: at,
      contentStart: at + HEADER_BYTES,
      end: at + length,
    });
    at += length;
  }
  return boxes;
}

/** A `jumb` box with its label. @throws TypeError when it is none. */
export function superbox(bytes: Buffer, box: Box): Superbox {
  const [description, ...children] = boxesIn(bytes, box.contentStart, box.end);
  if (box.type !== 'jumb' || description?.type !== 'jumd') throw new TypeError('not a JUMBF superbox');
  const labelStart = description.contentStart + LABEL_OFFSET;
  const labelEnd = bytes.indexOf(0, labelStart);
  if (labelEnd < 0 || labelEnd >= description.end) throw new TypeError('a JUMBF superbox has no label');
  return { ...box, descriptionStart: description.contentStart, label: bytes.toString('latin1', labelStart, labelEnd), children };
}
