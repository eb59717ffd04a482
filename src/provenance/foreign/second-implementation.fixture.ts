import 'reflect-metadata';
import { X509Certificate } from '@peculiar/x509';
import { JPEG, PNG } from '@trustnxt/c2pa-ts/asset';
import { CoseAlgorithmIdentifier, LocalSigner } from '@trustnxt/c2pa-ts/cose';
import { ActionAssertion, ActionType, ClaimVersion, DataHashAssertion, DigitalSourceType, ManifestStore } from '@trustnxt/c2pa-ts/manifest';
import { otherPki } from '../pki.fixture.ts';

/** Signs with an implementation that shares no code with the official one: labels, CBOR and COSE are laid out by it. */
export async function openSecondStudio() {
  const pki = await otherPki('ps256', { subject: 'CN=second signer, O=Second Maker, C=ZZ', root: 'CN=second root, O=Second Maker' });
  const key = Buffer.from(pki.privateKeyPem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const certificate: unknown = new X509Certificate(pki.chainPem);
  if (!isCertificate(certificate)) throw new TypeError('not a certificate');
  const signer = new LocalSigner(key, CoseAlgorithmIdentifier.PS256, certificate, []);
  const sign = async (picture: Uint8Array, format: 'jpeg' | 'png', claim: 'v1' | 'v2'): Promise<Uint8Array> => {
    const asset = format === 'jpeg' ? new JPEG(picture) : new PNG(picture);
    const store = new ManifestStore();
    const manifest = store.createManifest({
      claimVersion: claim === 'v1' ? ClaimVersion.V1 : ClaimVersion.V2,
      assetFormat: `image/${format}`,
      instanceID: 'xmp:iid:0a1b2c3d',
      defaultHashAlgorithm: 'SHA-256',
      signer,
    });
    if (manifest.claim === undefined) throw new TypeError('no claim');
    manifest.claim.claimGeneratorName = 'Second Maker';
    manifest.claim.claimGeneratorVersion = '3.1';
    const hash = DataHashAssertion.create('SHA-256');
    const actions = new ActionAssertion();
    actions.actions.push({ action: ActionType.C2paCreated, digitalSourceType: DigitalSourceType.TrainedAlgorithmicMedia });
    manifest.addAssertion(hash);
    manifest.addAssertion(actions);
    await asset.ensureManifestSpace(store.measureSize());
    await hash.updateWithAsset(asset);
    await manifest.sign(signer);
    await asset.writeManifestJUMBF(store.getBytes());
    return Uint8Array.from(await asset.getDataRange());
  };
  return { sign, rootPem: pki.rootPem };
}

/** It has a copy of the library of its own, whose type differs in name only. */
function isCertificate(value: unknown): value is ConstructorParameters<typeof LocalSigner>[2] {
  return value instanceof X509Certificate;
}
