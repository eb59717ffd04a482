import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ImprimaturError } from '../../../contracts/errors.ts';
import { syncDirectoryOf } from '../../../evidence/durable-file.ts';
import type { ClaimAlgorithm } from '../claim-signer.ts';
import { type IssuedChain, issueDevelopmentChain, issueDevelopmentHierarchy } from './issue-development-chain.ts';
import { errorsOf, lintChain } from './lint-chain.ts';
import { parseCertificates } from './parse-pem.ts';
import { describeFlaw, type Part } from './rule.ts';

const ROOT_FILE = 'root.cert.pem';
const CHAIN_FILE = 'chain.cert.pem';
const KEY_FILE = 'leaf.key.pem';
const FILE_OF: Readonly<Record<Part, string>> = {
  root: ROOT_FILE,
  intermediate: CHAIN_FILE,
  leaf: CHAIN_FILE,
  key: KEY_FILE,
};

/**
 * The development chain in `directory`, made on the first call (0700, files 0600, durable and complete or not at all) and loaded
 * afterwards. Two processes that start at once end up with the same one. Nobody else trusts its root: it is for trying out.
 *
 * @throws ImprimaturError CONFIG_INVALID that names the damaged, mismatched or expired certificate and what to do about it.
 */
export async function openDevelopmentCa({
  directory,
  now = new Date(),
}: {
  readonly directory: string;
  readonly now?: Date;
}): Promise<IssuedChain> {
  if (!(await exists(directory))) await make(directory, now);
  const read = async (file: string) => {
    try {
      return await readFile(join(directory, file), 'utf8');
    } catch (cause) {
      throw invalid(directory, file, 'it cannot be read', cause);
    }
  };
  const chain = { rootPem: await read(ROOT_FILE), chainPem: await read(CHAIN_FILE), privateKeyPem: await read(KEY_FILE) };
  await refuseOpenKey(directory);
  check(chain, directory, now);
  return chain;
}

async function make(directory: string, now: Date): Promise<void> {
  const { rootPem, chainPem, privateKeyPem } = await issueDevelopmentChain(now);
  await writeFolder(directory, { [ROOT_FILE]: rootPem, [CHAIN_FILE]: chainPem, [KEY_FILE]: privateKeyPem });
}

/** Files of a whole hierarchy, as `imprimatur certs init` makes it. */
export const HIERARCHY_FILES = {
  root: ROOT_FILE,
  chain: CHAIN_FILE,
  key: KEY_FILE,
  authorityAnchor: 'tsa-issuer.cert.pem',
  authority: 'tsa.cert.pem',
  authorityKey: 'tsa.key.pem',
} as const;

/**
 * A development hierarchy with a time-stamp authority, in a directory that does not exist yet (0700, files 0600).
 * @throws ImprimaturError CONFIG_INVALID when there is something at that place
 */
export async function makeDevelopmentHierarchy(
  directory: string,
  { alg, now = new Date() }: { readonly alg: ClaimAlgorithm; readonly now?: Date },
): Promise<void> {
  if (await exists(directory)) {
    throw new ImprimaturError('CONFIG_INVALID', {
      detail: `${directory} exists already. Name a folder that does not, so that no key is overwritten.`,
    });
  }
  const { chain, authority } = await issueDevelopmentHierarchy(now, alg);
  await writeFolder(directory, {
    [HIERARCHY_FILES.root]: chain.rootPem,
    [HIERARCHY_FILES.chain]: chain.chainPem,
    [HIERARCHY_FILES.key]: chain.privateKeyPem,
    [HIERARCHY_FILES.authorityAnchor]: authority.anchorPem,
    [HIERARCHY_FILES.authority]: authority.certificatePem,
    [HIERARCHY_FILES.authorityKey]: authority.privateKeyPem,
  });
}

/** All files or none. */
async function writeFolder(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  const parent = dirname(directory);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const draft = await mkdtemp(join(parent, `.${basename(directory)}-`));
  try {
    for (const [name, text] of Object.entries(files)) await writeDurably(join(draft, name), text);
    await syncDirectoryOf(draft);
    await rename(draft, directory);
    await syncDirectoryOf(parent);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    // Another process was first; its chain is as good as ours.
    if (!(await exists(directory))) throw invalid(directory, '', 'it cannot be written', cause);
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function refuseOpenKey(directory: string): Promise<void> {
  const { mode } = await stat(join(directory, KEY_FILE));
  if ((mode & 0o077) !== 0) throw invalid(directory, KEY_FILE, 'other users may read it; make a new one, and give the file mode 0600');
}

function check({ rootPem, chainPem, privateKeyPem }: IssuedChain, directory: string, now: Date): void {
  const [root] = parsed(() => parseCertificates(rootPem), directory, ROOT_FILE);
  const chain: readonly X509Certificate[] = parsed(() => parseCertificates(chainPem), directory, CHAIN_FILE);
  const privateKey: KeyObject = parsed(() => createPrivateKey(privateKeyPem), directory, KEY_FILE);
  if (root === undefined) throw invalid(directory, ROOT_FILE, 'there is no certificate in it');
  const errors = errorsOf(lintChain({ chain, privateKey, anchors: [root], now }));
  const [first] = errors;
  if (first !== undefined) throw invalid(directory, FILE_OF[first.part], errors.map(describeFlaw).join('\n'));
}

function parsed<T>(parse: () => T, directory: string, file: string): T {
  try {
    return parse();
  } catch (cause) {
    throw invalid(directory, file, 'it is damaged', cause);
  }
}

function invalid(directory: string, file: string, problem: string, cause?: unknown): ImprimaturError {
  const remedy = `Move the directory away and start again to make a new one; keep ${ROOT_FILE} among the trust anchors for pictures signed so far.`;
  return new ImprimaturError('CONFIG_INVALID', { detail: `Development CA, ${join(directory, file)}: ${problem}. ${remedy}`, cause });
}
