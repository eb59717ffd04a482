import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../src/run.ts';
import { type GatewayUnderAttack, startGateway } from './gateway-under-attack.ts';

const out = mkdtempSync(join(tmpdir(), 'imprimatur-redteam-out-'));
const report = (name: string, file: string) => readFileSync(join(out, name, file), 'utf8');

afterAll(() => rmSync(out, { recursive: true, force: true }));

/** Families that undo completely: a gateway that misses one of these has lost its reading of prompts. */
const SMALL = [
  '--families',
  'case,leetspeak,look-alikes,fancy-letters,invisible,marks,syntax,dilution,frames',
  '--probes',
  'markers,benign-twins,generations,stream,edits-form,edits-JSON,native-API,responses-API,chat',
];

async function attack({ url, key, operatorKey }: GatewayUnderAttack, name: string, more: readonly string[] = []): Promise<number> {
  return run(['--base-url', url, '--key', key, '--operator-key', operatorKey, '--out', join(out, name), '--concurrency', '4', ...more]);
}

describe('a campaign against a gateway with the planted rules', () => {
  let gateway: GatewayUnderAttack;
  beforeAll(async () => {
    gateway = await startGateway({ isPlanted: true });
  }, 150_000);
  afterAll(() => gateway?.close());

  it('finds that plain disguises get through no door and no surface, and that nothing innocent is stopped', async () => {
    expect(await attack(gateway, 'planted', [...SMALL, '--limit', '120'])).toBe(0);
    expect(report('planted', 'report.html')).toContain('Nothing new got through');
    expect(report('planted', 'junit.xml')).toMatch(/<testsuite name="markers" tests="\d+" failures="0" errors="0"/);
    expect(report('planted', 'junit.xml')).toMatch(/<testsuite name="surfaces" tests="\d+" failures="0" errors="0"/);
  }, 240_000);

  it('does not take a key that opens nothing for a gateway that stands firm', async () => {
    const stranger = { ...gateway, key: 'imp_sk_nobody_has_this_key', operatorKey: gateway.operatorKey };
    expect(await attack(stranger, 'stranger', ['--probes', 'markers', '--families', 'case', '--limit', '5'])).toBe(2);
  }, 60_000);
});

describe('a campaign against a gateway without the planted rules', () => {
  let gateway: GatewayUnderAttack;
  beforeAll(async () => {
    gateway = await startGateway({ isPlanted: false });
  }, 150_000);
  afterAll(() => gateway?.close());

  it('fails, says why, and blames the missing rule and not the disguises', async () => {
    expect(await attack(gateway, 'bare', ['--families', 'case', '--probes', 'markers,generations'])).toBe(1);
    expect(report('bare', 'report.html')).toContain('The planted rule is missing');
    expect(report('bare', 'junit.xml')).toContain('unproven');
  }, 120_000);
});
