import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initSync, WasmReader } from '@contentauth/c2pa-wasm';
import { c2paSettings } from '../../../src/provenance/c2pa-settings.ts';
import { type CredentialFormat, mediaTypeOf } from '../../../src/provenance/image-format.ts';

initSync({ module: readFileSync(createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm')) });

interface CrJson {
  readonly manifests: readonly Record<string, unknown>[];
}

/** What c2pa-rs says of a file in the interchange form that the C2PA's rubrics read. */
export async function crJsonOf(bytes: Uint8Array, format: CredentialFormat, trustAnchorsPem: string): Promise<CrJson> {
  const reader = await WasmReader.fromBytes(mediaTypeOf(format), bytes, c2paSettings(trustAnchorsPem));
  try {
    return JSON.parse(reader.crJson());
  } finally {
    reader.free();
  }
}
