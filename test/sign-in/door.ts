import cookie from '@fastify/cookie';
import fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { insertKey } from '../../src/access/key-store.ts';
import type { Closers } from '../../src/compose/closers.ts';
import { openAccess } from '../../src/compose/open-access.ts';
import { type Config, loadConfig } from '../../src/config/load-config.ts';
import { configSchema } from '../../src/config/schema.ts';
import type { StaffRole } from '../../src/contracts/staff-role.ts';
import { memoryEvidence } from '../../src/evidence/memory-evidence.fixture.ts';
import { byKeyOrSession } from '../../src/http/authenticate.ts';
import { createErrorHandler } from '../../src/http/error-handler.ts';
import type { HttpParts } from '../../src/http/parts.ts';
import { accessRoutes } from '../../src/http/routes/access.ts';
import { createJournal, type EntryBody, type Journal } from '../../src/ledger/journal.ts';
import { createOutbound } from '../../src/outbound/outbound.ts';
import type { Database } from '../../src/storage/database.ts';
import { writeActs } from '../../src/storage/write-acts.ts';
import { createLogger, createTelemetry } from '../../src/telemetry/telemetry.ts';

/** The doors of access alone on a port of this machine, over a migrated database. */
export async function openDoor(db: Database, port: number, settings: Record<string, unknown> = {}) {
  const config: Config = { ...loadConfig({ env: {} }), values: configSchema.parse(settings) };
  const entries: EntryBody[] = [];
  const real = createJournal({
    submit: (act) => db.transaction((tx) => writeActs(tx, [act]).then(() => undefined)),
    committed: () => undefined,
  });
  const journal: Journal = {
    record: real.record,
    async recordIn(tx, rows, bodies) {
      await real.recordIn(tx, rows, bodies);
      entries.push(...bodies);
    },
  };
  const closing: (() => Promise<unknown>)[] = [];
  const closers: Closers = {
    add: (close) => void closing.push(close),
    closeAll: async () => void (await Promise.all(closing.map((close) => close()))),
  };
  const outbound = createOutbound();
  const evidence = memoryEvidence();
  const telemetry = createTelemetry(createLogger('silent'));
  const url = `http://127.0.0.1:${port}`;
  const parts = {
    config,
    db,
    journal,
    baseUrl: () => url,
    telemetry,
    ...openAccess(config, { db, journal, outbound, evidence, telemetry, closers }),
  };
  const app = fastify();
  app.decorateRequest('principal', null);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(createErrorHandler({ telemetry, appeal: {} }));
  await app.register(cookie);
  const httpParts = parts as unknown as HttpParts;
  await app.register(accessRoutes(httpParts, byKeyOrSession(httpParts)));
  await app.listen({ host: '127.0.0.1', port });
  return {
    url,
    entries,
    parts: httpParts,
    staffKey: async (roles: readonly StaffRole[] = ['operator'], development = false) => {
      const { token, key } = await insertKey(db, { role: 'operator', application: 'default', surface: 'operator', roles, development });
      return { token, id: key.id };
    },
    async close() {
      await app.close();
      await closers.closeAll();
      await outbound.close();
    },
  };
}
