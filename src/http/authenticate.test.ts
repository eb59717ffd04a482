import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import type { ApiKey, Role } from '../access/api-key.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { anyKey, byApiKey, callersOnly, operatorsOnly } from './authenticate.ts';

const TOKENS: Readonly<Record<string, Role>> = { 'token-of-a-caller': 'caller', 'token-of-an-operator': 'operator' };
const keyOf = (role: Role): ApiKey => ({
  id: `key_${role}`,
  lineage: `key_${role}`,
  name: '',
  role,
  roles: role === 'operator' ? ['operator'] : [],
  scopes: null,
  application: 'default',
  surface: 'chat',
  lastFour: '0000',
  development: false,
  createdAt: new Date(),
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
});
const findKey = async (token: string) => (TOKENS[token] === undefined ? null : keyOf(TOKENS[token]));

/** What a route behind each hook answers: who it thinks is asking, or the code of the refusal. */
async function ask(path: '/pictures' | '/keys' | '/any', authorization?: string): Promise<string> {
  const app = fastify();
  app.decorateRequest('principal', null);
  app.setErrorHandler((error, _, reply) => reply.code(400).send(error instanceof ImprimaturError ? error.code : 'other'));
  const authenticate = byApiKey(findKey);
  const hooks = { '/pictures': callersOnly(authenticate), '/keys': operatorsOnly(authenticate), '/any': anyKey(authenticate) };
  for (const [url, onRequest] of Object.entries(hooks)) {
    app.get(url, { onRequest }, async ({ principal }) =>
      `${principal?.kind} ${principal?.kind === 'caller' ? principal.caller.surface : ''}`.trim(),
    );
  }
  const answer = await app.inject({ url: path, headers: authorization === undefined ? {} : { authorization } });
  await app.close();
  return answer.body;
}

describe('the door', () => {
  it('lets callers make pictures, on the surface of their key and no other', async () => {
    expect(await ask('/pictures', 'Bearer token-of-a-caller')).toBe('caller chat');
    expect(await ask('/any', 'bearer  token-of-a-caller')).toBe('caller chat');
  });

  it('does not let a caller run the gateway, nor an operator make pictures', async () => {
    expect(await ask('/keys', 'Bearer token-of-a-caller')).toBe('AUTH_FORBIDDEN');
    expect(await ask('/pictures', 'Bearer token-of-an-operator')).toBe('AUTH_FORBIDDEN');
    expect(await ask('/keys', 'Bearer token-of-an-operator')).toBe('staff');
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Basic token-of-a-caller',
    'token-of-a-caller',
    'Bearer token-of-a caller',
    `Bearer ${'x'.repeat(257)}`,
  ])('asks for a key when the header is %j', async (header) => {
    for (const path of ['/pictures', '/keys', '/any'] as const) expect(await ask(path, header)).toBe('AUTH_MISSING');
  });

  it('stays shut for a key that nobody made', async () => {
    for (const path of ['/pictures', '/keys', '/any'] as const) expect(await ask(path, 'Bearer token-of-nobody')).toBe('AUTH_INVALID');
  });
});
