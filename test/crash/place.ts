import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cloneTemplate } from '../postgres/template.ts';
import { WORDS } from './crash-upstream.ts';
import type { Place } from './gateway-process.ts';

const RULES = {
  version: '1',
  rules: [
    { id: 'test-blocked', category: 'extremism', score: 0.95, languages: ['en'], anyOf: [WORDS.blocked] },
    { id: 'test-held', category: 'ip', score: 0.9, languages: ['en'], anyOf: [WORDS.held] },
  ],
};

interface PlaceOptions {
  readonly baseUrl: string;
  readonly databaseUrl?: string;
  /** A directory that exists, where the caller has put a cluster; a temporary one is made unless given. */
  readonly home?: string;
}

/** A new home for a gateway with one model, a rule that blocks and one that holds; the embedded cluster is copied, not made. */
export async function makePlace({ baseUrl, databaseUrl, home: given }: PlaceOptions): Promise<Place & { remove(): Promise<void> }> {
  const home = given ?? (await mkdtemp(join(tmpdir(), 'imp-crash-')));
  const promptRules = join(home, 'rules.yaml');
  await writeFile(promptRules, JSON.stringify(RULES));
  if (databaseUrl === undefined && given === undefined) await cloneTemplate(join(home, 'data/database'), 'migrated');
  return {
    home,
    settings: { models: [{ name: 'studio', kind: 'openai', baseUrl }], promptRules },
    env: databaseUrl === undefined ? {} : { IMPRIMATUR_DATABASE_URL: databaseUrl },
    remove: () => rm(home, { recursive: true, force: true, maxRetries: 5 }),
  };
}
