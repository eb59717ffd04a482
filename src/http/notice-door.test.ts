import type { FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { addFlagger } from '../review/notices/trusted-flaggers.ts';
import { migrate } from '../storage/migrate.ts';
import { createNoticeDoor } from './notice-door.ts';

describeEachDatabase('the door of reports', (open) => {
  async function house() {
    const db = await open();
    await migrate(db);
    const door = createNoticeDoor(db, async () => {
      throw new ImprimaturError('AUTH_INVALID');
    });
    const from = (ip: string, token?: string) =>
      ({ ip, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } }) as unknown as FastifyRequest;
    const codeOf = (request: FastifyRequest) =>
      door.bound(request).then(
        () => 'open',
        (error) => error.code,
      );
    return { db, door, from, codeOf };
  }

  it('is no wider for who makes a trusted flagger’s key up', async () => {
    const { from, codeOf } = await house();
    const codes = [];
    for (let i = 0; i < 25; i++) codes.push(await codeOf(from('192.0.2.1', `imp_tf_made-up-${i}`)));
    expect(codes.slice(0, 20)).toEqual(Array(20).fill('AUTH_INVALID'));
    expect(codes.slice(-4)).toEqual(Array(4).fill('RATE_LIMITED'));
    expect(await codeOf(from('192.0.2.1'))).toBe('RATE_LIMITED');
  });

  it('has no bound for a trusted flagger, and knows which one came', async () => {
    const { db, door, from, codeOf } = await house();
    const { flagger, key: token } = await addFlagger('A hotline', 'local', { db, journal: { recordIn: async () => {} } });
    for (let i = 0; i < 30; i++) expect(await codeOf(from('192.0.2.2', token))).toBe('open');
    const request = from('192.0.2.2', token);
    await door.bound(request);
    expect(door.flaggerOf(request)).toBe(flagger.id);
    expect(door.flaggerOf(from('192.0.2.2'))).toBeNull();
  });
});
