import { existsSync, readFileSync } from 'node:fs';
import { withLocalChecks } from '../../src/compose/local-checks.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { CHECKS } from '../../src/detectors/registry.ts';
import { policyPath } from '../../src/packs.ts';
import { loadPolicyFile } from '../../src/policy/load-policy.ts';
import { cardOf } from './card.ts';

/** Every card with its facts, path → text. A check without a card gets none: its words are for people to write. */
export function cards(): Promise<ReadonlyMap<string, string>> {
  return withLocalChecks(loadConfig({ env: {} }), async (checks) => {
    const { document: policy } = await loadPolicyFile(policyPath('standard'), { checks });
    const found = new Map<string, string>();
    for (const entry of CHECKS) {
      const path = `docs/detectors/${entry.id}.md`;
      const check = checks.find(({ id }) => id === entry.id);
      if (check !== undefined && existsSync(path)) found.set(path, cardOf(readFileSync(path, 'utf8'), { entry, check, policy }));
    }
    return found;
  });
}
