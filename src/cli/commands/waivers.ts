import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { parseWaivers, type WaiverFile, waiverStatement } from '../../policy/waiver-file.ts';
import { type Command, EXIT, type ParsedArgs, parseCommandLine, UsageError } from '../command.ts';

const OWN = ['categories', 'looks-at', 'reason', 'by', 'until', 'key', 'out'];

export const waivers: Command = {
  name: 'waivers',
  usage: [
    'imprimatur waivers sign --categories C,C… [--looks-at input_image,artifact] --reason TEXT --by NAME --until DATE --key KEY.pem --out FILE.json [--json]',
  ],
  about:
    'Lets somebody answer for categories that the policy names and no detector looks for in pictures. Writes FILE.json and FILE.json.sig, signed with an Ed25519 private key; `coverage` in the configuration names both file and public key.',
  async run(args, context) {
    const { positionals, options, json } = parseCommandLine(args, context, OWN);
    if (positionals[0] !== 'sign') throw new UsageError('Say sign.');
    const out = needed(options, 'out');
    const content = Buffer.from(`${JSON.stringify(fileOf(options), null, 2)}\n`);
    const signed = check(content);
    const signature = sign(null, waiverStatement(content), await privateKey(needed(options, 'key')));
    await writeFile(out, content);
    await writeFile(`${out}.sig`, `${signature.toString('base64')}\n`);
    const { terminal } = context;
    terminal.out(
      json
        ? JSON.stringify(signed)
        : [
            ...signed.map(({ category, looksAt, until }) => `waived until ${until}: ${category} on ${looksAt}`),
            `${out} and ${out}.sig are written.`,
          ].join('\n'),
    );
    return EXIT.done;
  },
};

function needed(options: ParsedArgs['options'], name: string): string {
  const value = options[name];
  if (value === undefined || value.trim() === '') throw new UsageError(`Say --${name}.`);
  return value;
}

function fileOf(options: ParsedArgs['options']) {
  return {
    imprimatur: 'coverage-waiver/v1',
    waivers: [
      {
        categories: listOf(needed(options, 'categories')),
        looksAt: listOf(options['looks-at'] ?? 'input_image,artifact'),
        reason: needed(options, 'reason'),
        by: needed(options, 'by'),
        until: needed(options, 'until'),
      },
    ],
  } satisfies Record<keyof WaiverFile, unknown>;
}

function listOf(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

function check(content: Uint8Array) {
  try {
    return parseWaivers(content, new Date());
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'no waiver');
  }
}

async function privateKey(path: string): Promise<KeyObject> {
  const pem = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path}: ${error.code ?? 'cannot be read'}`);
  });
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // OpenSSL's own error could repeat what it read.
  }
  throw new UsageError(`${path}: is no Ed25519 private key (PEM); \`openssl genpkey -algorithm ed25519\` makes one`);
}
