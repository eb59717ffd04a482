import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { ImprimaturError } from '../contracts/errors.ts';
import { aSubmission } from '../contracts/stages.fixture.ts';
import { createTelemetry, describeError } from './telemetry.ts';

function listening() {
  const lines: string[] = [];
  const log = pino({ level: 'debug', base: null }, { write: (line: string) => lines.push(line) });
  return { lines, ...createTelemetry(log) };
}

describe('what is counted and logged', () => {
  it('a generation by surface, model, operation and end, with its id and never its prompt', async () => {
    const { generationEnded, registry, lines } = listening();
    const submission = aSubmission({ request: { prompt: 'a very particular teapot' } });
    generationEnded(submission, { kind: 'failed', code: 'MODEL_FAILED' }, 1.5);
    generationEnded(submission, { kind: 'failed', code: 'MODEL_FAILED' }, 1.5);
    const text = await registry.metrics();
    expect(text).toContain('imprimatur_generations_total{surface="api",model="studio",operation="generate",outcome="failed"} 2');
    expect(text).toContain('imprimatur_generation_seconds_count{model="studio",outcome="failed"} 2');
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({
      event: 'generation.ended',
      generation: submission.id,
      outcome: 'failed',
      seconds: 1.5,
    });
    expect(text + lines.join()).not.toMatch(/teapot|gen_.*_total/);
  });

  it('every check that could not tell, every stage that broke off, and every failed turn of the ledger', async () => {
    const { checkFailed, stageFailed, ledgerFailed, registry, lines } = listening();
    checkFailed('known-hashes', 'timed_out');
    stageFailed(new Error('broken'), 'gen_1');
    ledgerFailed(new Error('broken'));
    const text = await registry.metrics();
    expect(text).toContain('imprimatur_check_failures_total{check="known-hashes",cause="timed_out"} 1');
    expect(text).toContain('imprimatur_stage_failures_total 1');
    expect(text).toContain('imprimatur_ledger_failures_total 1');
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(['check.failed', 'stage.failed', 'ledger.failed']);
  });

  it('which categories a classifier outside may leave unjudged until when, and each time that one does', async () => {
    const { classifierOpen, classifierPassed, registry, lines } = listening();
    const mode = { category: 'ip', until: '2026-12-31', untilMs: Date.parse('2026-12-31T23:59:59.999Z'), reason: 'trial' };
    classifierOpen({ ...mode, isInForce: true });
    classifierOpen({ ...mode, category: 'hate', isInForce: false });
    classifierPassed({ classifier: 'one', category: 'ip', cause: 'TIMED_OUT' });
    const text = await registry.metrics();
    expect(text).toContain('imprimatur_classifier_open_until_seconds{category="ip"} 1798761599');
    expect(text).not.toContain('category="hate"');
    expect(text).toContain('imprimatur_classifier_open_total{classifier="one",category="ip",cause="TIMED_OUT"} 1');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 40, event: 'classifier.open_in_force', category: 'ip', until: '2026-12-31', reason: 'trial' },
      { level: 40, event: 'classifier.open_over', category: 'hate' },
      { level: 40, event: 'classifier.open', classifier: 'one' },
    ]);
  });

  it('answers by route and status, without the ids in the address', async () => {
    const { requestAnswered, registry } = listening();
    requestAnswered('/v1/generations/:id', 404, 0.002);
    expect(await registry.metrics()).toContain('imprimatur_http_request_seconds_count{route="/v1/generations/:id",status="404"} 1');
  });

  it('a watched number as it is at each scrape', async () => {
    const { watch, registry } = listening();
    let depth = 3;
    watch('imprimatur_depth', 'Depth.', () => depth);
    expect(await registry.metrics()).toContain('imprimatur_depth 3');
    depth = 4;
    expect(await registry.metrics()).toContain('imprimatur_depth 4');
  });

  it('an error by name, code and first line of its message and of its causes, and no further', () => {
    const error = new ImprimaturError('STORAGE_UNAVAILABLE', { detail: 'one\ntwo', cause: new TypeError('three') });
    expect(describeError(error)).toBe('ImprimaturError STORAGE_UNAVAILABLE: one ← TypeError: three');
    expect(describeError({ message: 'four' })).toBe('not an Error');
    expect(describeError(new Error('x'.repeat(1_000))).length).toBeLessThan(320);
    const endless = new Error('again');
    endless.cause = endless;
    expect(describeError(endless).split('←')).toHaveLength(4);
  });

  it('on stderr and nowhere else, without what somebody passed in by mistake', () => {
    const telemetry = fileURLToPath(new URL('./telemetry.ts', import.meta.url));
    const script = `import { createLogger } from ${JSON.stringify(telemetry)};
      createLogger('info').info({ prompt: 'teapot', request: { prompt: 'teapot', body: 'teapot', headers: { authorization: 'teapot' } }, token: 'teapot', event: 'kept' });`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toMatchObject({ event: 'kept' });
    expect(stderr).not.toContain('teapot');
  });
});
