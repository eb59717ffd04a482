import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { plantCheck } from './planted-checks.ts';
import { startUpstream, type Upstream } from './upstream.ts';

/** Settings of the configuration file; `baseUrl` is where the upstream listens. */
type Settings = (baseUrl: string) => Record<string, unknown>;

const oneModel: Settings = (baseUrl) => ({ models: [{ name: 'studio', kind: 'openai', baseUrl }] });

/**
 * A gateway before one model server, for the tests of a file: started before the first, as good as new before each, stopped
 * after the last. With `planted`, a check of the test's own takes part as well.
 */
export function useStudio({ settings = oneModel, planted = false }: { readonly settings?: Settings; readonly planted?: boolean } = {}) {
  const plant = plantCheck();
  let upstream: Upstream | undefined;
  let gateway: TestGateway | undefined;
  beforeAll(async () => {
    upstream = await startUpstream();
    gateway = await startTestGateway(settings(upstream.baseUrl), planted ? { checks: plant.checks } : undefined);
  });
  afterAll(async () => {
    await gateway?.close();
    await upstream?.close();
  });
  beforeEach(() => {
    upstream?.reset();
    plant.reset();
  });
  return {
    plant,
    get upstream(): Upstream {
      return started(upstream);
    },
    get gateway(): TestGateway {
      return started(gateway);
    },
  };
}

function started<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new Error('The studio runs only while tests do.');
  return part;
}
