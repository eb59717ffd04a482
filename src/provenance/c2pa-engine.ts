import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initSync, WasmBuilder, WasmReader } from '@contentauth/c2pa-wasm';
import { boundWasmMemory } from './bounded-wasm.ts';
import { c2paSettings } from './c2pa-settings.ts';
import { unresolvedReferences } from './claim-references.ts';
import { credentialPlace } from './credential-place.ts';
import type { EngineAnswer, EngineIngredient, EngineRequest, SignRequest, VerifyRequest } from './engine-messages.ts';
import { type CredentialSource, mediaTypeOf } from './image-format.ts';
import { installFileReaderSync, memoryBlob } from './memory-blob.ts';
import { standInForPng } from './png-stand-in.ts';
import { type CredentialReport, readCredential, unreadable } from './read-credential.ts';
import { finishSigning, type SignClaim } from './two-phase.ts';

const WASM_PATH = createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm');
/** Enough to sign a file of 64 MB. */
const MAX_MEMORY_BYTES = 512 * 2 ** 20;

export interface C2paEngine {
  /** Never rejects for what a file is; see `failed` and the report's state. Rejects when the instance trapped and is lost. */
  run(request: EngineRequest, signClaim: SignClaim): Promise<EngineAnswer>;
  memoryBytes(): number;
}

/**
 * c2pa-rs, as WebAssembly, on this thread. It blocks the thread while it works (21 ms for a PNG of 2.8 MB, measured), and it takes
 * away the thread's `fetch`, so that no setting and no defect can make it call out.
 */
export function createC2paEngine(): C2paEngine {
  installFileReaderSync();
  Object.assign(globalThis, {
    fetch: () => Promise.reject(new TypeError('the provenance engine is offline')),
  });
  const { memory } = initSync({ module: new Uint8Array(boundWasmMemory(readFileSync(WASM_PATH), MAX_MEMORY_BYTES)) });
  return {
    run: async (request, signClaim) =>
      request.kind === 'sign' ? await sign(request, signClaim) : { kind: 'read', report: await read(request) },
    memoryBytes: () => memory.buffer.byteLength,
  };
}

async function sign(request: SignRequest, signClaim: SignClaim): Promise<EngineAnswer> {
  try {
    const bytes = await layOutAndSign(request, signClaim);
    const { format, trustAnchorsPem } = request;
    return { kind: 'signed', bytes, report: request.selfCheck ? await read({ bytes, format, trustAnchorsPem }) : null };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error) };
  }
}

async function layOutAndSign(request: SignRequest, signClaim: SignClaim): Promise<Uint8Array> {
  const { bytes, format, byteStrings } = request;
  if (format !== 'png') {
    const laidOut = await layOut(request, bytes);
    await finishSigning(viewOf(laidOut), { format, byteStrings, signClaim });
    return laidOut;
  }
  const standIn = standInForPng(viewOf(bytes));
  const signed = standIn.adopt(viewOf(await layOut(request, standIn.bytes)));
  await finishSigning(signed.bytes, { format, byteStrings, dataHash: signed.dataHash, signClaim });
  return signed.bytes;
}

/** The file with its whole credential, and zeros in the place of the signature. */
async function layOut(
  { format, definition, ingredients, alg, reserveSize, trustAnchorsPem }: SignRequest,
  asset: Uint8Array,
): Promise<Uint8Array> {
  const builder = WasmBuilder.fromJson(definition, c2paSettings(trustAnchorsPem));
  try {
    for (const ingredient of ingredients) await addIngredient(builder, ingredient);
    const noSignature = async () => new Uint8Array(reserveSize);
    return await builder.sign({ alg, reserveSize, sign: noSignature }, [], mediaTypeOf(format), memoryBlob(asset));
  } finally {
    builder.free();
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** An input that c2pa-rs cannot read is still named as the parent; only its own history is missing then. */
async function addIngredient(builder: WasmBuilder, { definition, format, bytes }: EngineIngredient): Promise<void> {
  try {
    await builder.addIngredientFromBlob(definition, mediaTypeOf(format), memoryBlob(bytes));
  } catch (error) {
    if (isTrap(error)) throw error;
    builder.addIngredient(definition);
  }
}

async function read({
  bytes,
  format,
  trustAnchorsPem,
}: Pick<VerifyRequest, 'format' | 'trustAnchorsPem'> & { readonly bytes: Uint8Array }): Promise<CredentialReport> {
  let reader: WasmReader;
  try {
    reader = await WasmReader.fromBytes(mediaTypeOf(format), bytes, c2paSettings(trustAnchorsPem));
  } catch (error) {
    return unreadable(reasonOf(error));
  }
  try {
    return readCredential(reader.json(), () => unresolvedReferences(storeIn(bytes, format)));
  } finally {
    reader.free();
  }
}

function storeIn(bytes: Uint8Array, format: CredentialSource): Buffer {
  const whole = viewOf(bytes);
  if (format === 'manifest-store') return whole;
  return Buffer.concat(credentialPlace(whole, format).map(({ start, end }) => whole.subarray(start, end)));
}

const MAX_REASON_CHARS = 200;

/** c2pa-wasm throws plain strings such as `C2pa(JumbfNotFound)`. A trap is another matter and goes up. */
function reasonOf(error: unknown): string {
  if (isTrap(error)) throw error;
  return (error instanceof Error ? error.message : String(error)).slice(0, MAX_REASON_CHARS);
}

/** `WebAssembly.RuntimeError`: the instance stopped in the middle of something, and its memory is in an unknown state. */
function isTrap(error: unknown): boolean {
  return error instanceof Error && error.name === 'RuntimeError';
}
