import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initSync, WasmBuilder, WasmReader } from '@contentauth/c2pa-wasm';
import { boundWasmMemory } from './bounded-wasm.ts';
import { c2paSettings } from './c2pa-settings.ts';
import type { EngineAnswer, EngineRequest, SignRequest, VerifyRequest } from './engine-messages.ts';
import { installFileReaderSync, memoryBlob } from './memory-blob.ts';
import { readCredential, unreadable } from './read-credential.ts';

const WASM_PATH = createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm');
/** Enough to sign a file of 64 MB. */
const MAX_MEMORY_BYTES = 512 * 2 ** 20;

/** Signs claim bytes somewhere else and gives the finished COSE_Sign1 of exactly `reserveSize` bytes. */
export type SignClaim = (claim: Uint8Array) => Promise<Uint8Array<ArrayBuffer>>;

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
    run: (request, signClaim) => (request.kind === 'sign' ? sign(request, signClaim) : verify(request)),
    memoryBytes: () => memory.buffer.byteLength,
  };
}

async function sign(request: SignRequest, signClaim: SignClaim): Promise<EngineAnswer> {
  const { bytes, mediaType, definition, ingredient, alg, reserveSize, trustAnchorsPem } = request;
  const builder = WasmBuilder.fromJson(definition, c2paSettings(trustAnchorsPem));
  try {
    if (ingredient !== undefined) await addIngredient(builder, ingredient);
    return { kind: 'signed', bytes: await builder.sign({ alg, reserveSize, sign: signClaim }, [], mediaType, memoryBlob(bytes)) };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error) };
  } finally {
    builder.free();
  }
}

/** An input that c2pa-rs cannot read is still named as the parent; only its own history is missing then. */
async function addIngredient(
  builder: WasmBuilder,
  { definition, mediaType, bytes }: NonNullable<SignRequest['ingredient']>,
): Promise<void> {
  try {
    await builder.addIngredientFromBlob(definition, mediaType, memoryBlob(bytes));
  } catch (error) {
    if (isTrap(error)) throw error;
    builder.addIngredient(definition);
  }
}

async function verify({ bytes, mediaType, trustAnchorsPem }: VerifyRequest): Promise<EngineAnswer> {
  let reader: WasmReader;
  try {
    reader = await WasmReader.fromBytes(mediaType, bytes, c2paSettings(trustAnchorsPem));
  } catch (error) {
    return { kind: 'read', report: unreadable(reasonOf(error)) };
  }
  try {
    return { kind: 'read', report: readCredential(reader.json()) };
  } finally {
    reader.free();
  }
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
