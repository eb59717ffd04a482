import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import type { ConversationRef } from '../../contracts/check.ts';
import { newId } from '../../contracts/ids.ts';
import { memoryEvidence } from '../../evidence/memory-evidence.fixture.ts';
import type { Database } from '../../storage/database.ts';
import { migrate } from '../../storage/migrate.ts';
import { createStoredMemory, type MemoryOptions } from './stored-memory.ts';

const now = new Date('2026-11-21T12:00:00Z');
const minutes = (count: number) => new Date(now.getTime() + count * 60_000);

function aTurn({ claims = {}, ...more }: Partial<Omit<ConversationRef, 'claims'>> & { claims?: Partial<ConversationRef['claims']> } = {}) {
  const ref: ConversationRef = {
    turn: newId('gen'),
    keyId: 'key_one',
    application: 'shop',
    at: now,
    claims: { conversations: [], endUsers: [], ...claims },
    inputHashes: [],
    ...more,
  };
  return ref;
}

const inConversation = (id: string, more: Partial<ConversationRef> = {}) => aTurn({ ...more, claims: { conversations: [id] } });

describeEachDatabase('the memory of conversations', (open) => {
  async function start(options: Partial<MemoryOptions> = {}) {
    const db = await open();
    await migrate(db);
    const evidence = memoryEvidence();
    /** Another process over the same database and keys. */
    const memory = () => createStoredMemory({ db, evidence, linkSecret: new Uint8Array(32).fill(3), ...options });
    const one = memory();
    const say = (ref: ConversationRef, text: string) => one.remember(ref, { text, evidence: { hate: 0.4 }, action: 'allow' });
    const texts = async (ref: ConversationRef, from = one) => (await from.recall(ref))?.map(({ text }) => text) ?? null;
    return { db, memory, one, say, texts };
  }

  async function publish(db: Database, generation: string, sha256: string): Promise<void> {
    await db.query({
      text: `insert into generations (id, request_id, key_id, application, surface, operation, model, state, body_digest, owner, created_at)
        values ($1, 'req_1', 'key_one', 'shop', 'api', 'generate', 'm', 'published', 'd', 'o', $2)`,
      values: [generation, now],
    });
    await db.query({
      text: `insert into artifacts (id, generation_id, position, kind, raw_sha256, raw_blob, created_at, published_sha256)
        values ($1, $2, 0, 'final', 'r', 'b', $3, $4)`,
      values: [newId('art'), generation, now, sha256],
    });
  }

  it('gives the turns of a conversation, the newest first, with what was found and decided', async () => {
    const { one, say } = await start();
    await say(inConversation('c'), 'a shelf');
    await one.remember(inConversation('c', { at: minutes(1) }), { text: 'a dog', evidence: {}, action: 'block' });
    await say(inConversation('other'), 'a cat');
    expect(await one.recall(inConversation('c', { at: minutes(2) }))).toEqual([
      { text: 'a dog', evidence: {}, action: 'block', at: minutes(1) },
      { text: 'a shelf', evidence: { hate: 0.4 }, action: 'allow', at: now },
    ]);
  });

  it('is shared by processes, and there after a restart', async () => {
    const { memory, say, texts } = await start();
    await say(inConversation('c'), 'a shelf');
    expect(await texts(inConversation('c'), memory())).toEqual(['a shelf']);
  });

  it('knows a request by its end user and by the answer that it continues', async () => {
    const { say, texts } = await start();
    const first = aTurn({ claims: { endUsers: ['ann'] } });
    await say(first, 'a shelf');
    const after = (claims: Partial<ConversationRef['claims']>, more: Partial<ConversationRef> = {}) => texts(aTurn({ ...more, claims }));
    expect(await after({ endUsers: ['ann'] })).toEqual(['a shelf']);
    expect(await after({ endUsers: ['bob'] })).toEqual([]);
    expect(await after({ previousResponse: first.turn })).toEqual(['a shelf']);
    expect(await after({ previousResponse: `resp_${first.turn.slice(4)}` })).toEqual(['a shelf']);
    expect(await after({ previousResponse: first.turn }, { keyId: 'key_two' })).toEqual([]);
    expect(await after({ previousResponse: 'resp_of_somebody_else' })).toEqual([]);
  });

  it('knows an edit by the picture that it starts from, and follows a chain of edits back to its start', async () => {
    const { db, say, texts } = await start();
    const [first, second] = [aTurn(), aTurn({ inputHashes: ['hash-1'], at: minutes(1) })];
    await say(first, 'a shelf');
    await publish(db, first.turn, 'hash-1');
    expect(await texts(second)).toEqual(['a shelf']);
    await say(second, 'make it purple');
    await publish(db, second.turn, 'hash-2');
    expect(await texts(aTurn({ inputHashes: ['hash-2'], at: minutes(2) }))).toEqual(['make it purple', 'a shelf']);
    expect(await texts(aTurn({ inputHashes: ['hash-2'], application: 'another' }))).toEqual([]);
    expect(await texts(aTurn({ inputHashes: ['a-stranger'] }))).toEqual([]);
  });

  it('joins what two claims bring together, and cannot be cut off by a new conversation id', async () => {
    const { say, texts } = await start();
    await say(aTurn({ claims: { conversations: ['c1'], endUsers: ['ann'] } }), 'a shelf');
    await say(aTurn({ claims: { conversations: ['c2'], endUsers: ['ann'] }, at: minutes(1) }), 'make it purple');
    expect(await texts(aTurn({ claims: { conversations: ['c3'], endUsers: ['ann'] }, at: minutes(2) }))).toEqual([
      'make it purple',
      'a shelf',
    ]);
    expect(await texts(inConversation('c2', { at: minutes(2) }))).toEqual(['make it purple', 'a shelf']);
  });

  it('opens no conversation to another API key, even by its very id', async () => {
    const { say, texts } = await start();
    await say(inConversation('c'), 'a shelf');
    expect(await texts(inConversation('c', { keyId: 'key_two' }))).toEqual([]);
  });

  it('links nothing to a request that names nothing', async () => {
    const { say, texts } = await start();
    await say(aTurn(), 'a shelf');
    expect(await texts(aTurn())).toBeNull();
  });

  it('forgets by time and by number', async () => {
    const { say, texts } = await start({ maxTurns: 3 });
    for (let i = 0; i < 5; i++) await say(inConversation('c', { at: minutes(i) }), `turn ${i}`);
    expect(await texts(inConversation('c', { at: minutes(5) }))).toEqual(['turn 4', 'turn 3', 'turn 2']);
    expect(await texts(inConversation('c', { at: minutes(33) }))).toEqual(['turn 4']);
    expect(await texts(inConversation('c', { at: minutes(34) }))).toEqual([]);
  });

  it('deletes what is over, when something is written and when it is swept', async () => {
    const { db, one, say } = await start();
    const rows = async () => {
      const count = async (table: string) => (await db.query({ text: `select 1 from ${table}` })).rowCount;
      return [await count('conversation_turns'), await count('conversation_links')];
    };
    await say(inConversation('c'), 'a shelf');
    await say(inConversation('c', { at: minutes(1) }), 'a dog');
    await say(inConversation('c', { at: minutes(30) }), 'a cat');
    expect(await rows()).toEqual([2, 2]);
    expect(await one.sweep(minutes(31))).toBe(1);
    expect(await rows()).toEqual([1, 1]);
  });

  it('holds no word, no name and no id in clear', async () => {
    const { db, say } = await start();
    await say(
      aTurn({ claims: { conversations: ['conv-1'], endUsers: ['ann@example.org'], previousResponse: 'resp-9' } }),
      'a purple teapot',
    );
    const tables = await Promise.all(
      ['turns', 'links'].map(async (name) => (await db.query({ text: `select t::text, * from conversation_${name} t` })).rows),
    );
    const bytes = (await db.query({ text: 'select sealed from conversation_turns' })).rows.map(({ sealed }) => String(sealed));
    expect(JSON.stringify(tables) + bytes.join('')).not.toMatch(/ann|example|conv-1|resp-9|purple|teapot/);
  });

  it.each([
    [
      'was changed',
      `update conversation_turns set sealed = set_byte(sealed, octet_length(sealed) - 1, (get_byte(sealed, octet_length(sealed) - 1) + 1) % 256)`,
    ],
    [
      'stands in another turn’s place',
      `update conversation_turns set sealed = (select sealed from conversation_turns order by at desc limit 1)`,
    ],
    ['has a score that is none', `update conversation_turns set evidence = '{"hate": 7}'`],
    ['has a category that is none', `update conversation_turns set evidence = '{"hatred": 0.1}'`],
  ])('does not read a turn that %s', async (_, sql) => {
    const { db, one, say } = await start();
    await say(inConversation('c'), 'a shelf');
    await say(inConversation('c', { at: minutes(1) }), 'a dog');
    await db.query({ text: sql });
    await expect(one.recall(inConversation('c', { at: minutes(2) }))).rejects.toMatchObject({ code: 'EVIDENCE_UNREADABLE' });
  });

  it('rejects when the database is gone', async () => {
    const { db, one } = await start();
    await db.close();
    await expect(one.recall(inConversation('c'))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await expect(one.remember(inConversation('c'), { text: '', evidence: {}, action: 'allow' })).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
  });

  it('takes turns of one conversation from many requests at once', async () => {
    const { one, say } = await start({ maxTurns: 50 });
    await Promise.all(Array.from({ length: 20 }, (_, i) => say(inConversation('c', { at: minutes(i / 100) }), `turn ${i}`)));
    expect(await one.recall(inConversation('c', { at: minutes(1) }))).toHaveLength(20);
  });
});
