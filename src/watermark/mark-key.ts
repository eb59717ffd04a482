import { randomBytes } from 'node:crypto';

/** What a mark hangs on. Who has it can read, forge and remove marks; 128 bits. Keys rotate: each has an epoch. */
export interface MarkKey {
  /** 0–255; a payload names it. Newer keys have higher epochs. */
  readonly epoch: number;
  /** 16 bytes. */
  readonly secret: Uint8Array;
}

const SECRET_BYTES = 16;
const MAX_EPOCH = 255;
const MAX_KEYS = 16;
const LINE = /^(\d{1,3}) ([0-9a-fA-F]{32})$/;

const HEADER = `# Imprimatur watermark keys: secret. One a line: epoch, 32 hexadecimal digits.
# The highest epoch marks; all of them are looked for. Never remove a line while pictures with that mark are about.
`;

export function newMarkKey(epoch: number): MarkKey {
  return { epoch, secret: new Uint8Array(randomBytes(SECRET_BYTES)) };
}

/** The text of a key file; `parseKeyFile` reads it. */
export function formatKeyFile(keys: readonly MarkKey[]): string {
  return HEADER + keys.map(({ epoch, secret }) => `${epoch} ${Buffer.from(secret).toString('hex')}\n`).join('');
}

/**
 * Keys of a key file, highest epoch first: the first one marks, and all are tried in this order.
 * @throws RangeError naming the line and never its content
 */
export function parseKeyFile(text: string): readonly [MarkKey, ...MarkKey[]] {
  const keys: MarkKey[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const content = line.trim();
    if (content !== '' && !content.startsWith('#')) keys.push(parseLine(content, index + 1));
  }
  const [newest, ...older] = keys.sort((a, b) => b.epoch - a.epoch);
  if (newest === undefined) throw new RangeError('the file holds no key');
  if (keys.length > MAX_KEYS) throw new RangeError(`the file holds more than ${MAX_KEYS} keys, and each one slows every search down`);
  if (new Set(keys.map(({ epoch }) => epoch)).size < keys.length) throw new RangeError('two keys of the file have the same epoch');
  return [newest, ...older];
}

function parseLine(line: string, number: number): MarkKey {
  const [, epochText = '', secretHex = ''] = LINE.exec(line) ?? [];
  const epoch = Number(epochText);
  if (epochText === '' || epoch > MAX_EPOCH)
    throw new RangeError(`line ${number} is not an epoch (0–${MAX_EPOCH}) and 32 hexadecimal digits`);
  return { epoch, secret: new Uint8Array(Buffer.from(secretHex, 'hex')) };
}
