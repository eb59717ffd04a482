import { z } from 'zod';
import { plainName, secret } from './fields.ts';

const PLAIN_HTTP = 'a secret would travel in the clear: use https';

/** TLS, or an address of this machine. */
function isPrivateChannel(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** Where the key is: exactly one of `key`, `keyPem` and `remote`. */
export const signer = z
  .strictObject({
    name: plainName,
    certificates: z.string(),
    key: z.exactOptional(z.string()),
    keyPem: secret.optional(),
    remote: z.exactOptional(
      z
        .strictObject({
          url: z.url({ protocol: /^https?$/ }),
          keyId: z.string().min(1).max(512),
          token: secret.optional(),
          hmacSecret: secret.optional(),
          timeoutMs: z.int().min(100).max(30_000).default(3_000),
        })
        .refine(({ url, token }) => token === undefined || isPrivateChannel(url), { message: PLAIN_HTTP, path: ['url'] }),
    ),
    alg: z.exactOptional(z.enum(['es256', 'es384', 'es512', 'ps256', 'ps384', 'ps512', 'ed25519'])),
    from: z.exactOptional(z.iso.datetime()),
    until: z.exactOptional(z.iso.datetime()),
  })
  .refine(({ key, keyPem, remote }) => [key, keyPem, remote].filter((one) => one !== undefined).length === 1, {
    message: 'say where the key is: exactly one of key, keyPem and remote',
  });

/** Who stamps signatures, and what happens when nobody does. */
export const timestamps = z.strictObject({
  mode: z.enum(['required', 'preferred', 'off']).default('preferred'),
  authorities: z
    .array(
      z
        .strictObject({
          url: z.url({ protocol: /^https?$/ }),
          timeoutMs: z.int().min(100).max(10_000).default(2_000),
          authorization: secret.optional(),
        })
        .refine(({ url, authorization }) => authorization === undefined || isPrivateChannel(url), { message: PLAIN_HTTP, path: ['url'] }),
    )
    .max(4)
    .default([]),
  anchors: z.array(z.string()).default([]),
  maxClockSkewSeconds: z.int().min(1).max(86_400).default(300),
});
