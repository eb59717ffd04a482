import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { PERMISSIONS, type Permission, rolesAllow } from '../access/permissions.ts';
import { loadConfig } from '../config/load-config.ts';
import { STAFF_ROLES, type StaffRole } from '../contracts/staff-role.ts';
import type { HttpParts } from './parts.ts';
import { createServer } from './server.ts';

/** A part that is everything and does nothing: no route gets as far as to need more. */
const ANYTHING: unknown = new Proxy(() => undefined, {
  get: (_target, name) => {
    if (name === 'then') return undefined;
    if (name === Symbol.toPrimitive) return () => '';
    if (name === Symbol.iterator) return () => [][Symbol.iterator]();
    return ANYTHING;
  },
  apply: () => ANYTHING,
  construct: () => ANYTHING as object,
});

interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  readonly url: string;
}

const parts = new Proxy({ config: loadConfig({ env: {} }), baseUrl: () => 'http://127.0.0.1:8787' } as unknown as HttpParts, {
  get: (target, name) => (name in target ? Reflect.get(target, name) : ANYTHING),
});

/** The whole door, for somebody with these roles. */
async function doorFor(roles: readonly StaffRole[]): Promise<FastifyInstance> {
  const app = await createServer(parts, async () => ({ kind: 'staff', id: 'key_probe', roles }));
  await app.ready();
  return app;
}

/** Which permission a route asks for of somebody who has none; null where it asks for none. */
async function asked(app: FastifyInstance, { method, url }: Route): Promise<string | null> {
  const payload = method === 'GET' || method === 'DELETE' ? {} : { payload: '{}', headers: { 'content-type': 'application/json' } };
  const answer = await app.inject({ method, url: url.replace(/:[a-z]\w*/gi, 'x').replace('*', 'x'), ...payload });
  if (answer.statusCode !== 403) return null;
  return /This needs a role with "([\w.]+)"/.exec(JSON.parse(answer.body).error.message)?.[1] ?? null;
}

/** What all staff may: what is about themselves. */
const isOfAnybody = (url: string) => url === '/v1/sign-out' || /^\/v1\/me\b/.test(url);

describe('the doors', () => {
  const routes: Route[] = [];
  const needs = new Map<Route, string | null>();

  beforeAll(async () => {
    const app = await doorFor([]);
    const paths: Record<string, Record<string, { security?: unknown[]; 'x-makes-pictures'?: unknown }>> = JSON.parse(
      (await app.inject('/openapi.json')).body,
    ).paths;
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { security }] of Object.entries(methods)) {
        // Routes that need no key are documented with no security.
        if (security?.length === 0) continue;
        routes.push({ method: method.toUpperCase() as Route['method'], url: path.replace(/\{(\w+)\}/g, ':$1') });
      }
    }
    for (const route of routes) needs.set(route, await asked(app, route));
    await app.close();
  });

  it('ask for exactly one permission of the table, before they look at what was sent', async () => {
    const caller = await createServer(parts, async () => ({
      kind: 'caller',
      caller: { keyId: 'key_x', application: 'a', surface: 'api' },
    }));
    const ofStaff = [];
    for (const route of routes) {
      const payload =
        route.method === 'GET' || route.method === 'DELETE' ? {} : { payload: '{}', headers: { 'content-type': 'application/json' } };
      const answer = await caller.inject({ method: route.method, url: route.url.replace(/:\w+/g, 'x'), ...payload });
      if (answer.statusCode === 403 && answer.body.includes('This needs an operator key')) ofStaff.push(route);
    }
    await caller.close();
    expect(ofStaff.length).toBeGreaterThan(30);
    const without = ofStaff.filter(
      (route) => !PERMISSIONS.some((permission) => permission === needs.get(route)) && !isOfAnybody(route.url),
    );
    expect(without.map(({ method, url }) => `${method} ${url}`)).toEqual([]);
  });

  it('say what they answer: JSON, a file, or nothing', async () => {
    const app = await doorFor([]);
    const documented: Record<string, Record<string, { responses: Record<string, { content?: object }> }>> = JSON.parse(
      (await app.inject('/openapi.json')).body,
    ).paths;
    await app.close();
    const answerOf = ({ method, url }: Route) => documented[url.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]?.responses ?? {};
    const ofStaff = routes.filter((route) => needs.get(route) !== null || isOfAnybody(route.url));
    expect(ofStaff.length).toBeGreaterThan(100);
    const silent = ofStaff.filter((route) => {
      const successes = Object.entries(answerOf(route)).filter(([status]) => /^2/.test(status));
      return !successes.some(([status, { content }]) => status === '204' || content !== undefined);
    });
    expect(silent.map(({ method, url }) => `${method} ${url}`)).toEqual([]);
  });

  it.each(STAFF_ROLES)('open for %s what the table says, and nothing else', async (role) => {
    const app = await doorFor([role]);
    const wrong = [];
    for (const [route, permission] of needs) {
      if (permission === null) continue;
      const isRefused = (await asked(app, route)) === permission;
      if (isRefused === rolesAllow([role], permission as Permission)) wrong.push(`${route.method} ${route.url} (${permission})`);
    }
    await app.close();
    expect(wrong).toEqual([]);
  });
});
