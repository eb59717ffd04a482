import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { WINDOWS } from '../src/operations/slos.ts';
import { createTelemetry } from '../src/telemetry/telemetry.ts';
import { grafanaDashboard } from '../tools/prometheus/dashboard.ts';
import { prometheusRules } from '../tools/prometheus/rules.ts';

const RULES = 'deploy/prometheus/imprimatur.rules.yml';
const read = (path: string) => readFileSync(path, 'utf8');
const promtool = (...args: string[]) => spawnSync('promtool', args, { encoding: 'utf8', timeout: 60_000 });
const isMissing = promtool('--version').error !== undefined;
if (isMissing && process.env['CI'] === 'true') throw new Error('promtool is missing: install the Debian package prometheus.');
if (isMissing) console.warn('skipped: rules with promtool: it is not installed (Debian package prometheus)');

describe('what is shipped for Prometheus', () => {
  it('is generated from what the gateway itself goes by (npm run docs)', () => {
    expect(read(RULES)).toBe(prometheusRules());
    expect(read('deploy/grafana/imprimatur.json')).toBe(grafanaDashboard());
  });

  it.skipIf(isMissing)('is taken by promtool, and sounds when it should and only then', () => {
    for (const args of [
      ['check', 'rules', RULES],
      ['check', 'config', 'deploy/prometheus/prometheus.yml'],
      ['test', 'rules', 'deploy/prometheus/imprimatur.rules.test.yml'],
    ]) {
      const { status, stdout, stderr } = promtool(...args);
      expect(status, `${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
    }
  });

  it('asks only for metrics that the gateway exports', async () => {
    const { registry, sloMeasured } = createTelemetry(pino({ level: 'silent' }));
    sloMeasured(WINDOWS.map((window) => ({ slo: 'takedown', objective: 0.99, window, good: 1, bad: 0, burn: 0 })));
    const exported = new Set((await registry.getMetricsAsJSON()).map(({ name }) => name));
    const asked = `${read(RULES)}${read('deploy/grafana/imprimatur.json')}`.match(/imprimatur_[a-z_]+/g) ?? [];
    const names = new Set(asked.map((name) => name.replace(/_bucket$/, '')));
    expect([...names].filter((name) => !exported.has(name))).toEqual([]);
  });

  it('sends pages to whoever is on call', () => {
    const { route, receivers } = parse(read('deploy/prometheus/alertmanager.yml'));
    expect(route.routes).toMatchObject([{ matchers: ['severity = "page"'], receiver: 'on-call' }]);
    expect(receivers.map(({ name }: { name: string }) => name)).toEqual(['on-call', 'tickets']);
  });
});
