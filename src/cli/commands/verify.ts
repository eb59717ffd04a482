import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { codeOf, collectFiles, type FoundFile } from '../collect-files.ts';
import { type Command, EXIT, parseCommandLine, UsageError } from '../command.ts';
import { connectGateway, type GatewayClient, messageOf } from '../gateway-client.ts';
import { inOrder } from '../in-order.ts';
import { printable } from '../printable.ts';
import { progressBar } from '../progress.ts';
import { describeReport, type Report, reportSchema } from '../verify-report.ts';

/** One file in each worker process, and one that is on its way or with the credential engine. */
const WIDTH = availableParallelism() + 1;

type Result = { readonly path: string; readonly report: Report } | { readonly path: string; readonly problem: string };

export const verify: Command = {
  name: 'verify',
  usage: ['imprimatur verify FILE|FOLDER… [--json]'],
  about:
    'Is a file ours, is it intact, was it made by a model, by whom, when, under which decision? Exit 0 when all are ours and intact, 1 when not, 2 when one could not be read.',
  async run(args, context) {
    const { positionals, json, config } = parseCommandLine(args, context);
    if (positionals.length === 0) throw new UsageError('Name at least one file or folder.');
    const { terminal } = context;
    const files = await collectFiles(positionals);
    const isAnyThere = files.some((file) => 'bytes' in file);
    const client = isAnyThere ? await connectGateway(config) : null;
    const bar = progressBar('verifying', terminal);
    const counts = new Map<string, number>();
    try {
      const look = (file: FoundFile) => verifyFound(file, client, config.values.maxUploadBytes);
      await inOrder(files, WIDTH, look, (result, done) => {
        bar.end();
        const verdict = 'report' in result ? result.report.verdict : 'unreadable';
        counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
        if ('problem' in result) terminal.err(printable(`${result.path}: ${result.problem}`));
        else terminal.out(json ? JSON.stringify({ file: result.path, ...result.report }) : describeReport(result.path, result.report));
        if (files.length > 1) bar.update(done, files.length);
      });
    } finally {
      bar.end();
      await client?.close();
    }
    if (files.length !== 1) terminal.err(summary(files.length, counts));
    if (files.length === 0 || counts.has('unreadable')) return EXIT.usage;
    return counts.get('ours-intact') === files.length ? EXIT.done : EXIT.no;
  },
};

function summary(total: number, counts: ReadonlyMap<string, number>): string {
  const parts = [...counts]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([verdict, count]) => `${count.toLocaleString('en')} ${verdict}`);
  return `${total.toLocaleString('en')} ${total === 1 ? 'file' : 'files'}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}.`;
}

async function verifyFound(file: FoundFile, client: GatewayClient | null, maxBytes: number): Promise<Result> {
  const { path } = file;
  if ('problem' in file) return file;
  if (file.bytes > maxBytes) return { path, problem: `is larger than ${maxBytes} bytes (maxUploadBytes)` };
  if (client === null) return { path, problem: 'no gateway' };
  try {
    return await verifyBytes(path, await readFile(path), client);
  } catch (error) {
    return { path, problem: codeOf(error) };
  }
}

/** By hand, because `FormData` copies the file five times. The boundary is random, so that no file can hold it; the file's name says nothing to the gateway. */
function formOf(bytes: Buffer): { readonly type: string; readonly bytes: Buffer } {
  const boundary = `imprimatur-${randomUUID()}`;
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="file"\r\ncontent-type: application/octet-stream\r\n\r\n`;
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

async function verifyBytes(path: string, bytes: Buffer, client: GatewayClient): Promise<Result> {
  const answer = await client.request('POST', '/v1/verify', formOf(bytes));
  const body: unknown = JSON.parse(answer.body.toString());
  const parsed = answer.status === 200 ? reportSchema.safeParse(body) : null;
  if (parsed === null) return { path, problem: messageOf(body) };
  return parsed.success ? { path, report: parsed.data } : { path, problem: 'the gateway gave an answer that this program does not know' };
}
