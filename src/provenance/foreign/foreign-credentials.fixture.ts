import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initSync, WasmBuilder } from '@contentauth/c2pa-wasm';
import { c2paSettings } from '../c2pa-settings.ts';
import { mediaTypeOf, type PictureFormat } from '../image-format.ts';
import { installFileReaderSync, memoryBlob } from '../memory-blob.ts';
import { otherPki } from '../pki.fixture.ts';
import { createCoseSigner } from '../signing/cose-sign1.ts';
import { createLocalSigner } from '../signing/local-signer.ts';

/** A file whose credential somebody else wrote with the official engine. */
export interface ForeignFile {
  readonly bytes: Uint8Array;
  readonly format: PictureFormat;
}

interface ForeignManifest {
  readonly picture: ForeignFile;
  /** As c2pa-rs takes it. */
  readonly definition: Record<string, unknown>;
  readonly parent?: { readonly file: ForeignFile; readonly definition: Record<string, unknown> };
  /** A JUMBF URI of the parent's that is taken out, and why. */
  readonly redaction?: { readonly uri: string; readonly reason: string };
  readonly intent?: 'update';
}

/** Signs as another company does: its own CA, its own claim generator, none of our assertions. */
export async function openForeignStudio(organization: string) {
  installFileReaderSync();
  initSync({ module: new Uint8Array(readFileSync(createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm'))) });
  const pki = await otherPki('es384', { subject: `CN=${organization} signer, O=${organization}, C=ZZ` });
  const signer = createCoseSigner(createLocalSigner(pki));
  const sign = async ({ picture, definition, parent, redaction, intent }: ForeignManifest): Promise<ForeignFile> => {
    const builder = WasmBuilder.fromJson(JSON.stringify(definition), c2paSettings(null));
    try {
      if (intent !== undefined) builder.setIntent(intent);
      if (parent !== undefined)
        await builder.addIngredientFromBlob(
          JSON.stringify(parent.definition),
          mediaTypeOf(parent.file.format),
          memoryBlob(parent.file.bytes),
        );
      if (redaction !== undefined) builder.addRedaction(redaction.uri, redaction.reason);
      const definitionOfSigner = {
        alg: signer.alg,
        reserveSize: signer.reserveSize,
        sign: async (claim: Uint8Array) => Uint8Array.from((await signer.sign(claim)).cose),
      };
      const bytes = await builder.sign(definitionOfSigner, [], mediaTypeOf(picture.format), memoryBlob(picture.bytes));
      return { bytes: Uint8Array.from(bytes), format: picture.format };
    } finally {
      builder.free();
    }
  };
  return { sign, rootPem: pki.rootPem };
}
