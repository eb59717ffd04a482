import { z } from 'zod';
import { accessSettings } from './access-schema.ts';
import { announcementSettings } from './announcements-schema.ts';
import { modelCare } from './care-schema.ts';
import { plainName, secret } from './fields.ts';
import { limitSettings } from './limits-schema.ts';
import { metadata, readership } from './reader-schema.ts';
import { reviewSettings } from './review-schema.ts';
import { signer, timestamps } from './signing-schema.ts';
import { coverage, gazetteers, hashList, hashListTrust } from './trust-schema.ts';

/** One configured model. What else it takes depends on its kind; `src/models/model-kinds.ts` checks that. */
const model = z.looseObject({
  name: plainName,
  kind: z.string(),
  apiKey: secret.optional(),
  saferModel: plainName.exactOptional(),
  fallback: plainName.exactOptional(),
});

/** One classifier outside the gateway. What else it takes depends on its kind; `src/prompts/external/classifier-kinds.ts` checks that. */
const classifier = z.looseObject({ name: z.string(), apiKey: secret.optional() });

/** One detector of the operator's own. What else it takes depends on its kind; `src/compose/open-plugins.ts` checks that. */
const detector = z.looseObject({ kind: z.string(), apiKey: secret.optional() });

const witness = z.strictObject({ url: z.url(), key: z.string() });

/**
 * Every setting, once. Scalars can be set by flag (`--data-dir`), environment (`IMPRIMATUR_DATA_DIR`) or file (`dataDir`),
 * in that order; lists only in the file. `docs/config.md` and `.env.example` are generated from here.
 */
export const configSchema = z.strictObject({
  host: z
    .string()
    .default('127.0.0.1')
    .describe('Address to listen on. Anything but loopback refuses development keys, certificates and the demo model.'),
  port: z.coerce.number().int().min(0).max(65_535).default(8787).describe('Port to listen on; 0 picks a free one.'),
  dataDir: z.string().default('.imprimatur').describe('Where the embedded database, evidence, keys and the ledger live.'),
  databaseUrl: secret.optional().describe('PostgreSQL 14 or later. Absent: a PostgreSQL embedded in this process.'),
  publicUrl: z.url().optional().describe('How callers reach the gateway; the start of picture links. Absent: http://host:port.'),
  bootstrapKey: secret.optional().describe('The first key of surface "api", for scripts. At least 24 characters.'),
  bootstrapOperatorKey: secret.optional().describe('The first operator key, for scripts. At least 24 characters.'),
  allowDevelopment: z
    .stringbool()
    .or(z.boolean())
    .default(false)
    .describe('Allow development keys, certificates and the demo model on an address that is not loopback. Logged at every start.'),
  ...accessSettings,
  ...announcementSettings,
  ...reviewSettings,
  policy: z.string().default('standard').describe('A policy pack that ships with Imprimatur, or the path of a policy file.'),
  policyBy: z
    .enum(['boards', 'file'])
    .default('boards')
    .describe(
      '"boards": what boards activated goes before `policy`. "file": `policy` alone counts, and what boards activated before is set aside. See docs/policies.md.',
    ),
  promptRules: z.string().optional().describe('Path of a prompt-rule file that is used beside the shipped one.'),
  logLevel: z
    .enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug'])
    .default('info')
    .describe('How much is logged, as JSON lines on stderr.'),
  workers: z.coerce.number().int().min(1).max(64).optional().describe('Processes that decode and inspect pictures. Absent: one per core.'),
  maxUploadBytes: z.coerce.number().int().min(1024).default(50_000_000).describe('Largest input image. OpenAI takes 50 MB.'),
  uploadPorts: z
    .array(z.int().min(1).max(65_535))
    .min(1)
    .default([80, 443])
    .describe('Ports that the upload gate asks when a platform names an address.'),
  maxBodyBytes: z.coerce.number().int().min(1024).default(120_000_000).describe('Largest request body in all.'),
  maxPromptChars: z.coerce.number().int().min(1).default(32_000).describe('Longest prompt, in UTF-16 code units. OpenAI takes 32,000.'),
  modelTimeoutMs: z.coerce.number().int().min(100).default(300_000).describe('How long a model may take for one generation.'),
  requestTimeoutMs: z.coerce.number().int().min(100).default(60_000).describe('How long a caller may take to send a request.'),
  trustedProxies: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'an address, or a range such as 10.0.0.0/8'))
    .default([])
    .describe(
      'Addresses or ranges of your reverse proxies, whose X-Forwarded-For is believed. Without it everybody behind a proxy shares one rate bound.',
    ),
  surfaces: z
    .array(plainName)
    .min(1)
    .default(['chat', 'app', 'api'])
    .describe('The product channels. Every key belongs to one; all run the same checks.'),
  models: z
    .array(model)
    .min(1)
    .default([{ name: 'demo', kind: 'demo' }])
    .describe('The models behind the gateway; the first is the default.'),
  modelCare: modelCare
    .prefault({})
    .describe(
      'When a model is left alone (`failuresToRest`, `restSeconds`, `accountRestSeconds`) and when a user whom upstreams keep refusing is (`refusalsPerUser`, `refusalWindowMinutes`). See docs/upstreams.md.',
    ),
  ...limitSettings,
  aliases: z
    .record(z.string(), plainName)
    .default({})
    .describe('Model names that callers may write → the configured model. "*" catches every other name.'),
  hashLists: z.array(hashList).default([]).describe('Known-bad hash lists (PDQ, SHA-256, MD5). None is shipped.'),
  hashListTrust: hashListTrust
    .prefault({})
    .describe(
      'Who signs the lists that operators import: `publicKeys` (PEM files); with `allowUnsigned: false` no other list is taken or loaded. See docs/hash-lists.md.',
    ),
  coverage: coverage
    .prefault({})
    .describe(
      'Categories that the policy names and no detector looks for in pictures: `waivers` (signed files), `publicKeys` (PEM) of who may sign them, and `enforce` also on a loopback address. See docs/fusion.md.',
    ),
  gazetteers: gazetteers
    .prefault({})
    .describe(
      'Packs of names beside the shipped ones: `packs` (paths), `without` (shipped packs to leave out), `publicKeys` (PEM files) that sign them.',
    ),
  classifiers: z
    .array(classifier)
    .default([])
    .describe('Classifiers outside the gateway that uncertain prompts are sent to; see docs/detectors/prompt-external.md.'),
  classifierRules: z.looseObject({}).optional().describe('When external classifiers are asked, and what happens when they cannot tell.'),
  detectors: z
    .array(detector)
    .default([])
    .describe('Detectors of your own: ONNX models and services that look at pictures; a policy lists them by id. See docs/plugins.md.'),
  signers: z
    .array(signer)
    .default([])
    .describe(
      'Who signs content credentials, with rotation; see docs/signing.md. Absent: a development hierarchy that nobody else trusts.',
    ),
  signerToken: secret
    .optional()
    .describe(
      'What a gateway must present to `imprimatur signer serve`, as a bearer token or as the key of its HMAC. At least 24 characters.',
    ),
  trust: z
    .strictObject({ anchors: z.array(z.string()).default([]) })
    .prefault({})
    .describe(
      'PEM files of whom credentials are trusted: the roots of `signers` and of those before them, and the C2PA trust list if you want it.',
    ),
  timestamps: timestamps
    .prefault({})
    .describe(
      'RFC 3161 authorities that stamp each signature. `required`: nothing leaves without; `preferred`: it leaves, and the ledger says so.',
    ),
  readership: z
    .record(plainName, readership)
    .default({})
    .describe(
      'By surface, who looks at its pictures: `regions` (ISO 3166 or EU) and `audience` (minors, general, adults or staff). What is left out may be anybody.',
    ),
  metadata: metadata
    .prefault({})
    .describe(
      'What pictures say in XMP: `provider` (who answers for the service), `credit`, `dataMining` (a PLUS code), and `aigc` (`surfaces`, `contentProducer`) for China.',
    ),
  watermarkKeys: z
    .string()
    .optional()
    .describe(
      'Path of the watermark keys; see docs/watermark.md for rotation. Absent: `keys/watermark.keys` below the data directory, made at the first start.',
    ),
  watermarkIssuer: z.coerce
    .number()
    .int()
    .min(0)
    .max(4095)
    .default(0)
    .describe('Whose pictures these are, in the payload of the watermark, where several gateways share keys.'),
  ledgerOrigin: z
    .string()
    .regex(/^\S+$/)
    .default('imprimatur.local/ledger')
    .describe('The name of the log in its checkpoints. Choose it once.'),
  witnesses: z.array(witness).default([]).describe('C2SP witnesses that cosign checkpoints.'),
});

export type ConfigValues = z.output<typeof configSchema>;

/** `dataDir` → `IMPRIMATUR_DATA_DIR`. */
export function envName(key: string): string {
  return `IMPRIMATUR_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** `dataDir` → `data-dir`. */
export function flagName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

const FILE_ONLY: ReadonlySet<string> = new Set([
  ...Object.keys({ ...announcementSettings, ...reviewSettings, ...limitSettings }),
  ...Object.keys(accessSettings).filter((key) => key !== 'developmentSignIn'),
  'trustedProxies',
  'surfaces',
  'models',
  'modelCare',
  'aliases',
  'hashLists',
  'hashListTrust',
  'coverage',
  'gazetteers',
  'classifiers',
  'classifierRules',
  'detectors',
  'witnesses',
  'metadata',
  'readership',
  'uploadPorts',
  'signers',
  'trust',
  'timestamps',
]);

/** True for settings that are a single value, so that a flag or a variable can carry them. */
export function isScalar(key: string): boolean {
  return !FILE_ONLY.has(key);
}
