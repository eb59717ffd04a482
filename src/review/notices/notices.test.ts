import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import { memoryEvidence } from '../../evidence/memory-evidence.fixture.ts';
import { createJournal } from '../../ledger/journal.ts';
import { SHIPPED_DEADLINES } from '../../policy/deadlines.ts';
import { formatPdq, type PdqBits, parsePdq } from '../../registries/pdq/pdq-bits.ts';
import { tellReporters } from '../../settle/tell-outcomes.ts';
import { migrate } from '../../storage/migrate.ts';
import { writeActs } from '../../storage/write-acts.ts';
import { clocksOf } from '../clocks/clock-store.ts';
import { obligationsUnder } from '../clocks/obligations.ts';
import { createClockStarter } from '../clocks/start-clocks.ts';
import { fileNotice, type NewNotice } from './file-notice.ts';
import { hashesOfCase } from './hashes-of-case.ts';
import { noticesOfCase } from './notice-store.ts';
import { noticeWish } from './notice-wish.ts';
import { isSecret, newReceipt, readReceipt } from './receipt.ts';
import { addStayDown, createStayDown, liftStayDown } from './stay-down.ts';

const HASH = '0f'.repeat(32);
const bits = (hex: string): PdqBits => parsePdq(hex) ?? new Uint32Array(8);
/** The same hash with so many bits turned. */
function turned(count: number): PdqBits {
  const result = bits(HASH).slice();
  for (let i = 0; i < count; i++) result[i % 8] = (result[i % 8] ?? 0) ^ (1 << Math.floor(i / 8));
  return result;
}
const wish = (more: object = {}) =>
  noticeWish.parse({
    kind: 'likeness',
    urls: [],
    description: 'It is me.',
    name: 'Jo',
    email: 'jo@example.org',
    signature: 'Jo',
    good_faith: true,
    ...more,
  });
const notice = (more: Partial<NewNotice> = {}): NewNotice => ({
  wish: wish(),
  language: 'en',
  reported: [],
  hashes: [[bits(HASH)]],
  picture: null,
  flagger: null,
  ...more,
});

describeEachDatabase('reports from the public', (open) => {
  async function desk() {
    const db = await open();
    await migrate(db);
    const started = createClockStarter(() => ({ obligations: obligationsUnder(SHIPPED_DEADLINES), markets: [] }));
    const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined, opened: started });
    const evidence = memoryEvidence();
    const file = (one: NewNotice) => fileNotice(one, { db, journal, evidence });
    const entries = async () =>
      (await db.query<{ entry: Buffer }>({ text: 'select entry from ledger_outbox order by id' })).rows.map(({ entry }) =>
        JSON.parse(entry.toString()),
      );
    return { db, file, evidence, journal, entries };
  }

  it('about one picture become one case, up to 31 bits of difference and at the same moment too', async () => {
    const { db, file } = await desk();
    const filed = await Promise.all([file(notice()), file(notice({ hashes: [[turned(31)]] })), file(notice({ hashes: [[turned(8)]] }))]);
    expect(new Set(filed.map(({ notice: { case_id } }) => case_id)).size).toBe(1);
    expect(filed.filter(({ joined }) => !joined)).toHaveLength(1);
    const apart = await file(notice({ hashes: [[turned(64)]] }));
    expect(apart.joined).toBe(false);
    expect(await noticesOfCase(db, filed[0]?.notice.case_id ?? '')).toHaveLength(3);
  });

  it('under another law, or in another country, have a case and clocks of their own', async () => {
    const { file } = await desk();
    await file(notice());
    expect((await file(notice({ wish: wish({ kind: 'intimate_image', relation: 'subject' }) }))).joined).toBe(false);
    expect((await file(notice({ wish: wish({ region: 'US' }) }))).joined).toBe(false);
    expect((await file(notice({ wish: wish({ region: 'US' }) }))).joined).toBe(true);
  });

  it('about one address are joined whatever stands behind its #', async () => {
    const { file } = await desk();
    const at = (url: string) => notice({ wish: wish({ urls: [url] }), hashes: [] });
    await file(at('https://example.org/a?x=1#top'));
    expect((await file(at('https://example.org/a?x=1'))).joined).toBe(true);
    expect((await file(at('https://example.org/a?x=2'))).joined).toBe(false);
  });

  it('of a trusted flagger about what the public reported start their own clock, from their arrival', async () => {
    const { db, file } = await desk();
    await db.query({
      text: "insert into trusted_flaggers (id, name, token_hash, last_four, added_by) values ('flag_1', 'x', 'abc', 'abcd', 'user_x')",
    });
    const { notice: first } = await file(notice());
    await db.query({ text: "update cases set first_due_at = first_due_at - interval '1 hour'" });
    const trusted = await file(notice({ flagger: 'flag_1' }));
    await file(notice({ flagger: 'flag_1' }));
    expect([trusted.joined, trusted.notice.case_id]).toEqual([true, first.case_id]);
    const clocks = await clocksOf(db, first.case_id);
    expect(clocks.map(({ obligation }) => obligation)).toEqual(['trusted-flagger-target', 'notice-target']);
    const [urgent] = clocks;
    expect(urgent?.startedAt.getTime()).toBeGreaterThanOrEqual(first.received_at.getTime());
    const { rows } = await db.query({ text: 'select first_due_at, queue from cases' });
    expect(rows).toEqual([{ first_due_at: urgent?.dueAt, queue: 'trusted_flaggers' }]);
    expect((await db.query({ text: 'select 1 from jobs' })).rowCount).toBe(2);
  });

  it('lead to hashes that keep the picture away, until the decision is taken back', async () => {
    const { db, file, journal, entries } = await desk();
    const { notice: filed } = await file(notice());
    const hashes = await hashesOfCase(db, filed.case_id, []);
    expect(hashes).toEqual([{ algorithm: 'pdq', value: formatPdq(bits(HASH)) }]);
    const stayDown = createStayDown(db);
    await stayDown.refresh();
    expect(stayDown.registry.hasPdq).toBe(false);
    await addStayDown(db, hashes, { caseId: filed.case_id, category: 'ncii_undress', by: 'local' });
    await stayDown.refresh();
    expect(await stayDown.registry.matchPdq([turned(20)], 31)).toEqual([{ list: 'stay_down', algorithm: 'pdq', category: 'ncii_undress' }]);
    await db.transaction((tx) => liftStayDown(tx, { caseId: filed.case_id, by: 'local', because: 'appeal' }, journal));
    expect((await entries()).at(-1)).toMatchObject({
      kind: 'stay_down.lifted',
      case: filed.case_id,
      hashes: 1,
      because: 'appeal',
      by: 'local',
    });
    await stayDown.refresh();
    expect(await stayDown.registry.matchPdq([turned(0)], 31)).toEqual([]);
  });

  it('are answered by mail to everybody who left an address, with the receipt and without a word of theirs', async () => {
    const { db, file, evidence } = await desk();
    const [one] = await Promise.all([
      file(notice({ language: 'de' })),
      file(notice({ wish: wish({ kind: 'likeness', email: 'al@example.org' }) })),
    ]);
    const sent: { to: string; subject: string; text: string }[] = [];
    const mail = { queue: async (_tx: unknown, message: (typeof sent)[number]) => void sent.push(message) };
    const decided = (await noticesOfCase(db, one.notice.case_id)).map((filed) => ({ ...filed, outcome: 'removed' as const }));
    await tellReporters(db, decided, { evidence, mail, baseUrl: () => 'https://gateway.example', appealLinks: { pageOf: () => '' } });
    expect(new Set(sent.map(({ to }) => to))).toEqual(new Set(['jo@example.org', 'al@example.org']));
    const german = sent.find(({ to }) => to === 'jo@example.org');
    expect(german?.subject).toBe(`Ihre Meldung ${one.notice.receipt}`);
    expect(german?.text).toContain('Sie hatten recht.');
    expect(german?.text).toContain(`https://gateway.example/report/${one.notice.receipt}`);
    expect(JSON.stringify(sent)).not.toMatch(new RegExp(`It is me|${one.secret}`));
  });

  it('of child abuse are restricted from their first moment', async () => {
    const { db, file } = await desk();
    const { notice: filed } = await file(notice({ wish: wish({ kind: 'child_abuse' }) }));
    const { rows } = await db.query({ text: 'select restricted, queue from cases where id = $1', values: [filed.case_id] });
    expect(rows).toEqual([{ restricted: true, queue: 'child_safety' }]);
  });

  it('open for who has receipt and secret, as people write them', async () => {
    const { receipt, secret, secretHash } = newReceipt();
    expect(readReceipt(` ${receipt.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')} `)).toBe(receipt);
    expect(isSecret(secret.replaceAll('-', ' ').toLowerCase(), secretHash)).toBe(true);
    expect([isSecret('', secretHash), isSecret(receipt, secretHash), isSecret('x'.repeat(9999), secretHash)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
