import { crc32 } from '../code/crc32.ts';
import { MESSAGE_BITS, polarEncode } from '../code/polar-code.ts';
import type { Payload } from '../payload.ts';
import type { Layout } from './layout.ts';

const PAYLOAD_BYTES = 8;

/** The 1,024 bits that the mark carries: payload and keyed CRC-32, polar-coded and scrambled. */
export function encodePayload(payload: Payload, layout: Layout): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(payload, 'hex'));
  const message = Buffer.alloc(MESSAGE_BITS / 8);
  message.set(bytes);
  message.writeUInt32BE(crc32(bytes, layout.crcStart), PAYLOAD_BYTES);
  const code = polarEncode(Uint8Array.from({ length: MESSAGE_BITS }, (_, i) => ((message[i >> 3] ?? 0) >> (7 - (i & 7))) & 1));
  return scrambled(code, layout);
}

/** The payload of 96 message bits, or undefined when the CRC does not fit: by chance one in 2^32 fits. */
export function payloadOf(message: Uint8Array, { crcStart }: Layout): Payload | undefined {
  const bytes = Buffer.alloc(MESSAGE_BITS / 8);
  for (let i = 0; i < MESSAGE_BITS; i++) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | ((message[i] ?? 0) << (7 - (i & 7)));
  const payload = bytes.subarray(0, PAYLOAD_BYTES);
  return bytes.readUInt32BE(PAYLOAD_BYTES) === crc32(payload, crcStart) ? payload.toString('hex') : undefined;
}

function scrambled(code: Uint8Array, { scramble }: Layout): Uint8Array {
  return code.map((bit, i) => bit ^ (scramble[i] ?? 0));
}
