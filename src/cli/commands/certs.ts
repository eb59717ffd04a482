import { createPrivateKey } from 'node:crypto';
import { resolve } from 'node:path';
import { listSigning } from '../../compose/list-signing.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { HIERARCHY_FILES, makeDevelopmentHierarchy } from '../../provenance/signing/certificates/development-ca.ts';
import { errorsOf, lintChain } from '../../provenance/signing/certificates/lint-chain.ts';
import { parseCertificates } from '../../provenance/signing/certificates/parse-pem.ts';
import { describeFlaw } from '../../provenance/signing/certificates/rule.ts';
import { CLAIM_ALGORITHMS, type ClaimAlgorithm } from '../../provenance/signing/claim-signer.ts';
import { readKeyFile, readPemFile } from '../../provenance/signing/key-file.ts';
import { type Command, type CommandContext, EXIT, type ParsedArgs, parseCommandLine, UsageError } from '../command.ts';
import { table } from '../table.ts';

export const certs: Command = {
  name: 'certs',
  usage: [
    'imprimatur certs init [--profile al1] [--alg es256|es384|es512|ps256|ps384|ps512|ed25519] DIR',
    'imprimatur certs check [--key FILE] [--anchors FILE] [--alg ALG] CHAIN_FILE… [--json]',
    'imprimatur certs list [--json]',
  ],
  about:
    'Certificates that sign content credentials. "init" makes a development hierarchy on C2PA\'s assurance level 1 profile and says how to get real ones; ' +
    '"check" names every rule that a chain breaks; "list" shows what the gateway would use.',
  async run(args, context) {
    const parsed = parseCommandLine(args, context, ['profile', 'alg', 'key', 'anchors']);
    const [action, ...rest] = parsed.positionals;
    if (action === 'init') return init(rest, parsed, context);
    if (action === 'check') return check(rest, parsed, context);
    if (action === 'list') return list(parsed, context);
    throw new UsageError('Say init, check or list.');
  },
};

async function init([directory]: readonly string[], { options }: ParsedArgs, { terminal }: CommandContext): Promise<number> {
  if (directory === undefined) throw new UsageError('Say which folder to make.');
  if ((options['profile'] ?? 'al1') !== 'al1') throw new UsageError('There is one profile: al1.');
  const path = resolve(directory);
  await makeDevelopmentHierarchy(path, { alg: algorithm(options['alg']) ?? 'es256' });
  terminal.out(afterInit(path));
  return EXIT.done;
}

async function check(paths: readonly string[], { options, json }: ParsedArgs, { terminal }: CommandContext): Promise<number> {
  if (paths.length === 0) throw new UsageError('Say which files to check.');
  const privateKey = options['key'] === undefined ? undefined : readKey(await readKeyFile(options['key'], '--key'));
  const anchors =
    options['anchors'] === undefined ? undefined : parse(await readPemFile(options['anchors'], '--anchors'), options['anchors']);
  const alg = algorithm(options['alg']);
  const results = await Promise.all(
    paths.map(async (path) => ({
      path,
      flaws: lintChain({
        chain: parse(await readPemFile(path, 'check'), path),
        now: new Date(),
        ...(anchors === undefined ? {} : { anchors }),
        ...(privateKey === undefined ? {} : { privateKey }),
        ...(alg === undefined ? {} : { alg }),
      }),
    })),
  );
  if (json) terminal.out(JSON.stringify(results));
  else
    terminal.out(
      results
        .map(({ path, flaws }) => [verdict(path, flaws), ...flaws.map((one) => `  ${one.severity} ${describeFlaw(one)}`)].join('\n'))
        .join('\n'),
    );
  return results.some(({ flaws }) => errorsOf(flaws).length > 0) ? EXIT.no : EXIT.done;
}

function verdict(path: string, flaws: Parameters<typeof errorsOf>[0]): string {
  const errors = errorsOf(flaws).length;
  if (errors > 0) return `${path}: cannot sign, ${errors} error${errors === 1 ? '' : 's'}`;
  return flaws.length > 0 ? `${path}: can sign; not on the profile of the C2PA trust list` : `${path}: can sign, and is on the profile`;
}

async function list({ config, json }: ParsedArgs, { terminal }: CommandContext): Promise<number> {
  const { signers, anchors, timestamps } = await listSigning(config);
  if (json) {
    terminal.out(JSON.stringify({ signers, anchors, timestamps }));
    return EXIT.done;
  }
  const rows = signers.map(({ name, state, alg, subject, from, until }) => [
    name,
    state,
    alg,
    subject,
    from.slice(0, 10),
    until.slice(0, 10),
  ]);
  terminal.out(
    rows.length === 0
      ? 'No signer is configured: the first start makes a development hierarchy.'
      : table(['name', 'state', 'alg', 'subject', 'from', 'until'], rows),
  );
  terminal.out(
    `Trusted: ${anchors.join(' · ') || 'nobody yet'}\nTimestamps: ${timestamps.mode}${timestamps.authorities.map((url) => `\n  ${url}`).join('')}`,
  );
  return EXIT.done;
}

function algorithm(text: string | undefined): ClaimAlgorithm | undefined {
  const found = CLAIM_ALGORITHMS.find((one) => one === text);
  if (text !== undefined && found === undefined)
    throw new UsageError(`There is no algorithm ${text}; there are ${CLAIM_ALGORITHMS.join(', ')}.`);
  return found;
}

function readKey(pem: string) {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new ImprimaturError('CONFIG_INVALID', { detail: '--key: the private key is not readable PEM, or is encrypted.' });
  }
}

function parse(pem: string, path: string) {
  try {
    return parseCertificates(pem);
  } catch (cause) {
    throw new ImprimaturError('CONFIG_INVALID', { detail: `${path}: a certificate in it cannot be read.`, cause });
  }
}

function afterInit(path: string): string {
  const file = (name: keyof typeof HIERARCHY_FILES) => `${path}/${HIERARCHY_FILES[name]}`;
  return `A development hierarchy is in ${path}. Nobody but you trusts it. In the configuration:

signers:
  - name: development-1
    certificates: ${file('chain')}
    key: ${file('key')}
trust:
  anchors: [${file('root')}]

Its time-stamp authority is for OpenSSL's "openssl ts -reply": ${file('authority')}, ${file('authorityKey')};
as an anchor: ${file('authorityAnchor')}.

To be trusted by everybody's verifier (C2PA conformance program 0.2, as of 2026-11-21):
  1. Apply to the C2PA conformance program as the operator of your product. The signer is always a product, so this software cannot be on
     the list for you. There is no fee for the application; it wants specification 2.2 or 2.4 and a security architecture document.
  2. Sign test files, and let the program's asset rubric judge them: it is in this repository's tests.
  3. Your product gets a record in the Conforming Products List, with a UUID and an assurance level.
  4. Ask a certificate authority on the C2PA trust list for a claim-signing certificate at that level. Subject and UUID are those of the
     record; at level 1 it lives for 366 days at most.
  5. "imprimatur certs check --key KEY --anchors TRUST_LIST CHAIN", then add it under "signers" beside the old one and send SIGHUP.
docs/signing.md tells the whole.`;
}
