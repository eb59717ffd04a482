import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { z } from 'zod';
import { type ModelAudit, modelPage, modelVerdict } from '../../audits/model-page.ts';
import { ATTRIBUTES, type Reference, representationOf, UNIFORM } from '../../audits/representation.ts';
import { sampleModel } from '../../audits/sample-model.ts';
import { type PlannedSample, planSamples } from '../../audits/sample-plan.ts';
import { TEMPLATES } from '../../audits/templates.ts';
import { withAuditTools } from '../../compose/local-audit.ts';
import { createRandom } from '../../prompts/classifier/train/random.ts';
import { type CommandContext, DeclinedError, EXIT, parseCommandLine, type Terminal, UsageError } from '../command.ts';
import { progressBar } from '../progress.ts';
import { wholeIn, writeReport } from './audit-detectors.ts';

const MOST_SAMPLES = 100_000;
const AT_ONCE = 2;
const OPTIONS = ['out', 'model', 'samples', 'per-minute', 'price', 'size', 'reference', 'seed', 'keep'] as const;

export const auditModelCommand = {
  usage:
    'imprimatur audit model [--model NAME] --samples N --out FOLDER [--price 0.04] [--per-minute 30] [--size 512x512] [--reference FILE] [--seed 1] [--keep FOLDER2] [--yes] [--json]',
  async run(args: readonly string[], context: CommandContext): Promise<number> {
    const isAgreed = args.includes('--yes');
    const { positionals, json, options, config } = parseCommandLine(
      args.filter((one) => one !== '--yes'),
      context,
      OPTIONS,
    );
    const { out, samples, keep, size } = options;
    if (positionals.length > 0 || out === undefined || samples === undefined)
      throw new UsageError('Say --samples, the most pictures that may be asked for, and --out for the report.');
    const seed = wholeIn('seed', options['seed'] ?? '1', 0xffff_ffff);
    const perMinute = wholeIn('per-minute', options['per-minute'] ?? '30', 100_000);
    const planned = planSamples(wholeIn('samples', samples, MOST_SAMPLES), seed);
    if (planned.length === 0) throw new UsageError(`--samples must be ${TEMPLATES.length} at least: one picture for each template.`);
    const reference = options['reference'] === undefined ? UNIFORM : await readReference(options['reference']);
    const bar = progressBar('sampling', context.terminal);
    const audit = await withAuditTools(config, { wanted: [], processes: 1 }, async (tools): Promise<ModelAudit> => {
      const name = options['model'] ?? [...tools.models.keys()][0] ?? '';
      const model = tools.models.get(name);
      if (model === undefined)
        throw new UsageError(`No model ${JSON.stringify(name)} is configured; there are ${[...tools.models.keys()].join(', ')}.`);
      await agree(estimateOf(name, planned.length, perMinute, options['price']), isAgreed, context.terminal);
      const onProgress = (done: number) => bar.update(done, planned.length);
      const parameters = size === undefined ? {} : { size };
      const kept = keep === undefined ? {} : { keep: await keeper(keep) };
      const parts = { ...tools, model, parameters, perMinute, width: AT_ONCE, onProgress, ...kept };
      const found = await sampleModel(planned, parts);
      return {
        ...{ kind: 'model', on: new Date().toISOString().slice(0, 10), model: name, modelKind: model.kind, seed, planned: planned.length },
        reference: reference === UNIFORM ? 'uniform' : 'given',
        templates: representationOf(found, reference, createRandom(seed)),
      };
    }).finally(() => bar.end());
    await writeReport(out, { 'audit.html': modelPage(audit), 'audit.json': `${JSON.stringify(audit, null, 2)}\n` });
    context.terminal.out(json ? JSON.stringify(audit) : `${modelVerdict(audit)}\nThe page: ${join(out, 'audit.html')}`);
    return EXIT.done;
  },
};

function estimateOf(model: string, pictures: number, perMinute: number, price: string | undefined): string {
  const each = price === undefined ? Number.NaN : Number(price);
  if (price !== undefined && !(each >= 0)) throw new UsageError('--price must be a number: what one picture costs.');
  const cost =
    price === undefined
      ? 'what they cost is between you and whoever runs it (say --price for an estimate)'
      : `about ${(each * pictures).toFixed(2)} in all`;
  return `${pictures.toLocaleString('en')} pictures of ${model}, ${cost}; at ${perMinute.toLocaleString('en')} a minute, ${Math.ceil(pictures / perMinute).toLocaleString('en')} min or longer.`;
}

/** Nothing is spent before somebody agreed. @throws DeclinedError, UsageError */
async function agree(estimate: string, isAgreed: boolean, { err, isInteractive }: Terminal): Promise<void> {
  err(estimate);
  if (isAgreed) return;
  if (!isInteractive) throw new UsageError('Nobody is here to agree: say --yes.');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    if (!/^y(?:es)?$/i.test((await lines.question('Go on? [y/N] ')).trim())) throw new DeclinedError('Nothing was asked for.');
  } finally {
    lines.close();
  }
}

async function keeper(folder: string) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return ({ template }: PlannedSample, at: number, bytes: Uint8Array) =>
    writeFile(join(folder, `${String(at).padStart(6, '0')}-${template.id}.png`), bytes, { mode: 0o600 });
}

const shares = (bands: readonly string[]) =>
  z
    .strictObject(Object.fromEntries(bands.map((band) => [band, z.number().min(0).max(1)])))
    .refine((given) => Math.abs(Object.values(given).reduce((sum, one) => sum + one, 0) - 1) < 0.001, 'shares must add up to 1');
const referenceSchema = z.strictObject({ age: shares(ATTRIBUTES.age.bands).optional(), skin: shares(ATTRIBUTES.skin.bands).optional() });

async function readReference(path: string): Promise<Reference> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new UsageError(`${path}: cannot be read`);
  });
  try {
    const { age = UNIFORM.age, skin = UNIFORM.skin } = referenceSchema.parse(JSON.parse(text));
    return { age, skin };
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof z.ZodError ? z.prettifyError(error) : 'is not JSON'}`);
  }
}
