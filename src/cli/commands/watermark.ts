import { readFile, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { type MarkKeys, markKeyPath, openMarkKeys, readMarkKeys } from '../../compose/open-mark-keys.ts';
import type { Detection } from '../../watermark/detection.ts';
import type { MarkedFormat } from '../../watermark/encode-raster.ts';
import { detectInFile, embedInFile, type FileFailure } from '../../watermark/mark-files.ts';
import { isPayload } from '../../watermark/payload.ts';
import { createWorkerPool } from '../../workers/fork-pool.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { type Command, EXIT, type ParsedArgs, parseCommandLine, type Terminal, UsageError } from '../command.ts';
import { printable } from '../printable.ts';

const FORMATS: Readonly<Record<string, MarkedFormat>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
  '.avif': 'avif',
  '.tif': 'tiff',
  '.tiff': 'tiff',
};

export const watermark: Command = {
  name: 'watermark',
  usage: [
    'imprimatur watermark embed IN OUT --payload <16 hex digits> [--key FILE] [--json]',
    'imprimatur watermark detect FILE… [--key FILE] [--quick yes] [--json]',
  ],
  about:
    'The invisible mark: puts 64 bits into a picture, and finds them again after compression, resizing, cropping, turning. Needs no running gateway. Without --key: the key of this gateway. --quick yes does not look for pictures inside pages. Exit code 0 found, 1 not found, 2 error.',
  async run(args, context) {
    const parsed = parseCommandLine(args, context, ['payload', 'key', 'quick']);
    const [action, ...files] = parsed.positionals;
    if (action !== 'embed' && action !== 'detect') throw new UsageError('Say embed or detect.');
    const pool = createWorkerPool({ size: 1 });
    try {
      return await (action === 'embed' ? embedFile : detectFiles)(files, parsed, { pool, terminal: context.terminal });
    } finally {
      await pool.close();
    }
  },
};

interface Tools {
  readonly pool: WorkerPool;
  readonly terminal: Terminal;
}

async function embedFile(files: readonly string[], { options, json, config }: ParsedArgs, { pool, terminal }: Tools): Promise<number> {
  const [input, output] = files;
  const payload = options['payload']?.toLowerCase() ?? '';
  if (input === undefined || output === undefined || files.length > 2) throw new UsageError('Name the picture and the file to write.');
  if (!isPayload(payload)) throw new UsageError('--payload takes 16 hexadecimal digits.');
  const format = FORMATS[extname(output).toLowerCase()];
  if (format === undefined) throw new UsageError(`The file to write ends in one of ${Object.keys(FORMATS).join(', ')}.`);
  const [key] = await keysOf({ options, config });
  const result = await embedInFile(await read(input), { pool, key, payload, format });
  if (result.kind !== 'marked') {
    const said =
      result.kind === 'failed'
        ? `${input}: ${sentenceOf(result.reason)}`
        : `${input}: not markable (${result.reason.replaceAll('_', ' ')})`;
    if (json) terminal.out(JSON.stringify({ file: input, marked: false, reason: result.reason }));
    terminal.err(printable(said));
    return EXIT.usage;
  }
  const { bytes, kind: _kind, ...facts } = result;
  await writeFile(output, bytes);
  terminal.out(
    json
      ? JSON.stringify({ file: output, marked: true, payload, keyEpoch: key.epoch, ...facts })
      : `${output}: marked with ${payload}, ${facts.psnrDb.toFixed(1)} dB, expected to be ${facts.robustness}.`,
  );
  return EXIT.done;
}

async function detectFiles(files: readonly string[], { options, json, config }: ParsedArgs, { pool, terminal }: Tools): Promise<number> {
  if (files.length === 0) throw new UsageError('Name at least one file.');
  const keys = await keysOf({ options, config });
  const effort = options['quick'] === 'yes' ? 'standard' : 'thorough';
  let code: number = EXIT.done;
  for (const file of files) {
    const result = await readSafely(file, (bytes) => detectInFile(bytes, { pool, keys, options: { effort } }));
    terminal.out(json ? JSON.stringify(rowOf(file, result)) : printable(describe(file, result)));
    if (result.kind === 'failed') code = EXIT.usage;
    else if (result.kind !== 'found' && code === EXIT.done) code = EXIT.no;
  }
  return code;
}

/** A path with a typing error must not make another key, under which nothing is ever found. */
async function keysOf({ options, config }: Pick<ParsedArgs, 'options' | 'config'>): Promise<MarkKeys> {
  const named = options['key'] ?? config.values.watermarkKeys;
  return named === undefined ? openMarkKeys(markKeyPath(config.dataDir)) : readMarkKeys(named);
}

/** One file that is not there must not keep the answers about the others. */
async function readSafely(path: string, work: (bytes: Buffer) => Promise<Detection | FileFailure>): Promise<Detection | FileFailure> {
  try {
    return await work(await read(path));
  } catch (error) {
    if (error instanceof UsageError) return { kind: 'failed', reason: 'file_unreadable' };
    throw error;
  }
}

async function read(path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path}: ${error.code ?? 'cannot be read'}`);
  });
}

function rowOf(file: string, result: Detection | FileFailure) {
  if (result.kind !== 'found') {
    const { kind, ...facts } = result;
    return {
      file,
      found: false,
      ...(kind === 'failed' ? { error: result.reason } : facts),
      payload: null,
      confidence: null,
      transform: null,
    };
  }
  const { payload, confidence, transform, keyEpoch, syncZ, bitAgreement } = result;
  return { file, found: true, payload, confidence, transform, keyEpoch, syncZ, bitAgreement };
}

function describe(file: string, result: Detection | FileFailure): string {
  if (result.kind === 'failed') return `${file}: ${sentenceOf(result.reason)}`;
  if (result.kind === 'unreadable') return `${file}: too small for any mark.`;
  if (result.kind === 'absent') return `${file}: no mark of these keys was found. That does not mean that there never was one.`;
  const { scaleX, scaleY, rotationDegrees, mirrored, inverted, part } = result.transform;
  const size = Math.abs(scaleX - scaleY) < 0.005 ? `scale ${scaleX.toFixed(2)}` : `scale ${scaleX.toFixed(2)} × ${scaleY.toFixed(2)}`;
  const changes = [size, `turned by ${rotationDegrees.toFixed(1)}°`, ...(mirrored ? ['mirrored'] : []), ...(inverted ? ['inverted'] : [])];
  return `${file}: ${result.payload} (key ${result.keyEpoch}; ${changes.join(', ')}${part.width < 1 ? '; found in a part of the picture' : ''}).`;
}

const SENTENCES: Readonly<Record<string, string>> = {
  file_unreadable: 'the file cannot be read.',
  undecodable: 'this is not a picture that can be decoded.',
  animated: 'an animation cannot be marked; mark its frames.',
  timed_out: 'looking at it took too long, so nothing is known.',
};

function sentenceOf(reason: string): string {
  return SENTENCES[reason] ?? `nothing can be said about it (${reason.replaceAll('_', ' ')}).`;
}
