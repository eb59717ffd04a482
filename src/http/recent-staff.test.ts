import fastify, { type FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Principal } from './parts.ts';
import { createRecentStaff } from './recent-staff.ts';

const STAFF: Principal = { kind: 'staff', id: 'key_op', roles: ['incident_commander'] };

/** Two routes behind one door: one that anybody on the staff may call, and the one for emergencies. */
async function door(people: Record<string, Principal>) {
  const state = { isUp: true };
  const recent = createRecentStaff(async ({ headers }) => {
    if (!state.isUp) throw new ImprimaturError('STORAGE_UNAVAILABLE');
    const found = people[headers.authorization ?? ''];
    if (found === undefined) throw new ImprimaturError('AUTH_INVALID');
    return found;
  });
  const app = fastify();
  app.decorateRequest('principal', null);
  app.setErrorHandler((error, _request, reply) => reply.code(error instanceof ImprimaturError ? error.status : 500).send());
  const known = async (request: FastifyRequest) => {
    request.principal = await recent.authenticate(request);
  };
  app.get('/look', { onRequest: known }, async () => 'ok');
  app.post('/kill', { onRequest: recent.permittedInEmergency('kill.throw') }, async () => 'ok');
  const ask = async (method: 'GET' | 'POST', url: string, authorization: string) =>
    (await app.inject({ method, url, headers: { authorization } })).statusCode;
  return { state, ask };
}

describe('staff whom this process knows', () => {
  it('may stop things while the database cannot say who they are', async () => {
    const { state, ask } = await door({ commander: STAFF });
    await ask('GET', '/look', 'commander');
    state.isUp = false;
    expect([await ask('POST', '/kill', 'commander'), await ask('GET', '/look', 'commander')]).toEqual([200, 503]);
  });

  it('are nobody else, and may do nothing that they might not do before', async () => {
    const reviewer: Principal = { kind: 'staff', id: 'key_r', roles: ['reviewer'] };
    const caller: Principal = { kind: 'caller', caller: { keyId: 'key_c', application: 'default', surface: 'api' } };
    const { state, ask } = await door({ commander: STAFF, reviewer, caller });
    for (const who of ['commander', 'reviewer', 'caller']) await ask('GET', '/look', who);
    expect(await ask('POST', '/kill', 'reviewer')).toBe(403);
    state.isUp = false;
    expect([await ask('POST', '/kill', 'stranger'), await ask('POST', '/kill', 'reviewer'), await ask('POST', '/kill', 'caller')]).toEqual([
      503, 503, 503,
    ]);
  });

  it('are forgotten for what the database refuses: a key that it calls invalid stays so', async () => {
    const people: Record<string, Principal> = { commander: STAFF };
    const { ask } = await door(people);
    await ask('GET', '/look', 'commander');
    delete people['commander'];
    expect(await ask('POST', '/kill', 'commander')).toBe(401);
  });
});
