import { pino } from 'pino';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Outcome } from '../contracts/stages.ts';
import type { Submission } from '../contracts/submission.ts';
import { type CheckEvents, createCheckEvents } from './check-events.ts';
import { type ClassifierEvents, createClassifierEvents } from './classifier-events.ts';
import { createJobEvents, type JobEvents } from './job-events.ts';
import { createLimitEvents, type LimitEvents } from './limit-events.ts';
import { createSloEvents, type SloEvents } from './slo-events.ts';

export type Logger = pino.Logger;

/** JSON lines on stderr. Prompts, pictures, tokens and keys are never passed in; the redaction is a second fence. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: [
        'prompt',
        '*.prompt',
        'authorization',
        '*.authorization',
        'headers',
        '*.headers',
        'body',
        '*.body',
        'token',
        '*.token',
        'apiKey',
        '*.apiKey',
      ],
    },
    pino.destination({ dest: 2, sync: false }),
  );
}

/** One helper per business event: a counter with few labels, and one log line with ids. */
export interface Telemetry extends ClassifierEvents, CheckEvents, JobEvents, LimitEvents, SloEvents {
  readonly registry: Registry;
  readonly log: Logger;
  generationEnded(submission: Submission, outcome: Outcome, seconds: number): void;
  stageFailed(error: unknown, generation: string): void;
  requestAnswered(route: string, status: number, seconds: number): void;
  ledgerFailed(error: unknown): void;
  /** Called at each scrape. */
  watch(name: string, help: string, read: () => number | Promise<number>): void;
}

export function createTelemetry(log: Logger): Telemetry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'imprimatur_' });
  const registers = [registry];
  const generations = new Counter({
    name: 'imprimatur_generations_total',
    help: 'Generations by how they ended.',
    labelNames: ['surface', 'model', 'operation', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'imprimatur_generation_seconds',
    help: 'From the request to the end of the generation.',
    labelNames: ['model', 'outcome'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
    registers,
  });
  const requests = new Histogram({
    name: 'imprimatur_http_request_seconds',
    help: 'Answered HTTP requests.',
    labelNames: ['route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30],
    registers,
  });
  const failedStages = new Counter({ name: 'imprimatur_stage_failures_total', help: 'Generations that a stage broke off.', registers });
  const failedLedger = new Counter({ name: 'imprimatur_ledger_failures_total', help: 'Failed turns of the ledger sequencer.', registers });

  return {
    registry,
    log,
    ...createClassifierEvents(log, registry),
    ...createCheckEvents(log, registry),
    ...createSloEvents(registry),
    ...createLimitEvents(registry),
    ...createJobEvents(log, registry, describeError),
    generationEnded({ id, caller, request }, outcome, took) {
      generations.inc({ surface: caller.surface, model: request.model, operation: request.operation, outcome: outcome.kind });
      seconds.observe({ model: request.model, outcome: outcome.kind }, took);
      log.info({
        event: 'generation.ended',
        generation: id,
        surface: caller.surface,
        model: request.model,
        outcome: outcome.kind,
        seconds: took,
      });
    },
    stageFailed(error, generation) {
      failedStages.inc();
      log.error({ event: 'stage.failed', generation, error: describeError(error) });
    },
    requestAnswered(route, status, took) {
      requests.observe({ route, status: String(status) }, took);
      log.debug({ event: 'request.answered', route, status, seconds: took });
    },
    ledgerFailed(error) {
      failedLedger.inc();
      log.error({ event: 'ledger.failed', error: describeError(error) });
    },
    watch(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set(await read());
        },
      });
    },
  };
}

/** Name, code and message of an error and of its causes; our messages hold no content (see `contracts/errors.ts`). */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  for (let current = error; current instanceof Error && parts.length < 4; current = current.cause) {
    const code = 'code' in current && typeof current.code === 'string' ? ` ${current.code}` : '';
    parts.push(`${current.name}${code}: ${current.message.split('\n')[0]?.slice(0, 300) ?? ''}`);
  }
  return parts.length === 0 ? 'not an Error' : parts.join(' ← ');
}
