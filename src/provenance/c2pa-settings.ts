import { ACCEPTED_EKUS } from './signing/certificates/extended-key-usage.ts';

/**
 * Settings of c2pa-rs, as JSON, for an engine that never opens a connection: with its defaults a file's XMP can name an address that
 * the reader then fetches (measured, c2pa-wasm 0.13.3). `trust_config` must be given as soon as any settings are, or only
 * emailProtection leaves are accepted.
 */
export function c2paSettings(trustAnchorsPem: string | null): string {
  return JSON.stringify({
    version: 1,
    trust: {
      trust_config: ACCEPTED_EKUS.join('\n'),
      ...(trustAnchorsPem === null ? {} : { trust_anchors: trustAnchorsPem }),
    },
    verify: {
      verify_trust: true,
      remote_manifest_fetch: false,
      ocsp_fetch: false,
      verify_after_sign: false,
      verify_after_reading: true,
    },
    builder: { thumbnail: { enabled: false } },
  });
}
