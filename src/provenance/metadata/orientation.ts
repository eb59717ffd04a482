const ORIENTATION = 0x0112;
const SHORT = 3;
const PREFIX = 'Exif\0\0';
const ENTRY_BYTES = 12;
/** Rows before columns, nothing turned. */
const UPRIGHT = 1;

/**
 * Exif that says how the picture is to be turned and nothing else; null where it stands as it is. Of all that Exif can hold, viewers need
 * only this, and prompts are hidden in the rest.
 * @param exif a TIFF file, or one behind `Exif\0\0`, as JPEG wants it and some write it everywhere; a broken one turns nothing
 */
export function orientationOnly(exif: Buffer): Buffer | null {
  const orientation = orientationIn(exif.toString('latin1', 0, PREFIX.length) === PREFIX ? exif.subarray(PREFIX.length) : exif);
  if (orientation === UPRIGHT) return null;
  const turned = Buffer.from('MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0', 'latin1');
  turned.writeUInt16BE(orientation, 18);
  return turned;
}

/** TIFF 6.0 §2, the first directory only. */
function orientationIn(tiff: Buffer): number {
  const order = tiff.toString('latin1', 0, 2);
  if (tiff.length < 8 || (order !== 'II' && order !== 'MM')) return UPRIGHT;
  const short = (at: number) => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return UPRIGHT;
  const entries = short(directory);
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + i * ENTRY_BYTES;
    if (at + ENTRY_BYTES > tiff.length) return UPRIGHT;
    if (short(at) !== ORIENTATION || short(at + 2) !== SHORT) continue;
    const found = short(at + 8);
    return found >= 1 && found <= 8 ? found : UPRIGHT;
  }
  return UPRIGHT;
}
