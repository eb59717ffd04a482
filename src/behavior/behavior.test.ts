import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Behavior } from './behavior.ts';
import { campaignsOf } from './campaigns.ts';
import { CountSketch } from './count-sketch.ts';

const DAY = 86_400_000;
const small = () => new Behavior({ suspects: 1_024, triples: 4_096, seed: 3 });
/** Neutral words that stand for something refused. */
const BASE = 'amber lantern beside seven copper kettles under northern glass dome'.split(' ');
const with1Changed = (i: number) => BASE.map((word, at) => (at === i % BASE.length ? `other${i}` : word));

function tries(
  behavior: Behavior,
  account: string,
  times: number,
  { refused = true, gapMs = 1_000, device = undefined as string | undefined } = {},
) {
  const scores: number[] = [];
  for (let i = 0; i < times; i++) {
    const attempt = { account, atMs: 1 + i * gapMs, words: with1Changed(i), ...(device === undefined ? {} : { device }) };
    const ticket = behavior.observe(attempt);
    scores.push(ticket.scores.probing);
    behavior.conclude(ticket, refused ? 'refused' : 'published');
  }
  return scores;
}

describe('somebody who says a refused prompt in other words again and again', () => {
  it('is told from chance: nothing at first, sure after a handful', () => {
    const scores = tries(small(), 'a', 10);
    expect(scores[0]).toBe(0);
    expect(scores[1]).toBeLessThan(0.3);
    expect(scores[3]).toBeLessThan(0.8);
    expect(scores[6]).toBeGreaterThan(0.8);
  });

  it('is found behind harmless words, and behind accounts that change while the device stays', () => {
    const behavior = small();
    for (let i = 0; i < 6; i++) {
      const padding = Array.from({ length: 20 }, (_, at) => `padding${i}x${at}`);
      const ticket = behavior.observe({ account: `rotated${i}`, device: 'd', atMs: i + 1, words: [...padding, ...BASE, ...padding] });
      behavior.conclude(ticket, 'held');
    }
    const { scores } = behavior.observe({ account: 'fresh', device: 'd', atMs: 9, words: BASE });
    expect(scores.probing).toBeGreaterThan(0.8);
    expect(scores.reasons).toContain('behavior:device');
    expect(behavior.observe({ account: 'fresh', atMs: 9, words: BASE }).scores.probing).toBe(0);
  });

  it('is found by a few refusals where everything around what they want is new each time', () => {
    const behavior = small();
    const scores = Array.from({ length: 7 }, (_, i) => {
      const padding = Array.from({ length: 14 }, (__, at) => `padding${i}x${at}`);
      const ticket = behavior.observe({
        account: 'a',
        atMs: 1 + i * 60_000,
        words: [...padding, ...BASE, ...padding.map((word) => `${word}z`)],
      });
      behavior.conclude(ticket, i % 2 === 0 ? 'refused' : 'published');
      return ticket.scores;
    });
    expect(scores[2]?.probing).toBeLessThan(0.8);
    expect(scores[6]?.probing).toBeGreaterThan(0.8);
    expect(scores[6]?.reasons).toContain('behavior:hidden');
  });

  it('behind a key that names nobody is charged with what comes back, but never so that one can have it held for all; nobody else there is', () => {
    const behavior = small();
    const ask = (words: readonly string[], atMs: number) => behavior.observe({ account: 'key', device: 'app', isMany: true, atMs, words });
    for (let i = 0; i < 8; i++) {
      behavior.conclude(ask(with1Changed(i), 1 + i * 1_000), 'refused');
      behavior.conclude(ask([`other${i}`, `person${i}`, `entirely${i}`, `else${i}`], 2 + i * 1_000), i % 2 === 0 ? 'refused' : 'published');
    }
    expect(ask(with1Changed(2), 9_000).scores).toMatchObject({
      probing: 0.75,
      reasons: expect.arrayContaining(['behavior:mutations-refused']),
    });
    expect(ask(['a', 'red', 'ball', 'on', 'grass'], 9_001).scores.probing).toBe(0);
    // Another key of the same application.
    expect(behavior.observe({ account: 'key2', device: 'app', isMany: true, atMs: 9_002, words: BASE }).scores.probing).toBe(0.75);
  });

  it('is forgiven with time: half of it is gone after a day, all after weeks', () => {
    const behavior = small();
    tries(behavior, 'a', 8);
    const later = (days: number) =>
      behavior.observe({ account: 'a', atMs: days * DAY, words: ['a', 'red', 'ball', 'on', 'grass'] }).scores.probing;
    expect(later(0.01)).toBeGreaterThan(0.8);
    expect(later(14)).toBeLessThan(0.05);
  });
});

describe('somebody ordinary', () => {
  it('who is never refused has no state and no score, however alike their prompts are', () => {
    const behavior = small();
    expect(Math.max(...tries(behavior, 'a', 50, { refused: false }))).toBe(0);
    expect(behavior.suspects.takeChanged()).toEqual([]);
  });

  it('who was refused once is not charged for the words that end all their prompts', () => {
    const behavior = small();
    const habit = ['soft', 'pastel', 'gouache', 'grainy', 'vintage', 'postcard', 'border'];
    const say = (words: string[], atMs: number) => behavior.observe({ account: 'a', atMs, words: [...words, ...habit] });
    behavior.conclude(say(['amber', 'lantern'], 1), 'refused');
    const scores = Array.from({ length: 40 }, (_, i) => {
      const ticket = say([`subject${i}`, `place${i}`], 2 + i);
      behavior.conclude(ticket, 'published');
      return ticket.scores.probing;
    });
    expect(Math.max(...scores)).toBeLessThan(0.65);
  });

  it('who keeps one subject in ever new scenes is not charged for a refusal now and then', () => {
    const behavior = small();
    const product = ['walnut', 'chronograph', 'sapphire', 'bezel', 'lugs'];
    const scores = Array.from({ length: 60 }, (_, i) => {
      const scene = Array.from({ length: 12 }, (__, at) => `scene${i}x${at}`);
      const ticket = behavior.observe({ account: 'a', atMs: 1 + i * 60_000, words: [...product, ...scene] });
      behavior.conclude(ticket, i === 20 || i === 23 ? 'refused' : 'published');
      return ticket.scores.probing;
    });
    expect(Math.max(...scores)).toBeLessThan(0.5);
  });

  it('whose client sends a refused prompt again and again, unchanged, is a broken client and nothing else', () => {
    const behavior = small();
    const scores = Array.from({ length: 60 }, (_, i) => {
      const ticket = behavior.observe({ account: 'a', atMs: 1 + i * 3_000, words: BASE });
      behavior.conclude(ticket, 'refused');
      return ticket.scores.probing;
    });
    expect(Math.max(...scores)).toBe(0);
  });

  it('is not charged for words that everybody says, however many come back', () => {
    const behavior = small();
    const common = ['a', 'photo', 'of', 'the', 'in', 'with', 'and', 'on'];
    // In ever another order, so that no three in a row are known as style.
    const said = (i: number) => [...common.slice(i % 8), `x${i}`, ...common.slice(0, i % 8), `y${i}`];
    for (let i = 0; i < 3_000; i++) behavior.conclude(behavior.observe({ account: `o${i}`, atMs: 1, words: said(i) }), 'published');
    const scores = Array.from({ length: 12 }, (_, i) => {
      const ticket = behavior.observe({ account: 'a', atMs: 2 + i, words: said(4_000 + i * 3) });
      behavior.conclude(ticket, i % 4 === 0 ? 'refused' : 'published');
      return ticket.scores.probing;
    });
    expect(Math.max(...scores)).toBeLessThan(0.3);
  });

  it('who makes very many pictures a minute shows as a burst, and only then', () => {
    const behavior = small();
    const burst = (count: number, account: string) =>
      Array.from({ length: count }, (_, i) => behavior.observe({ account, atMs: 1 + i, words: [`w${i}`] }).scores.burst).at(-1) ?? 0;
    expect(burst(5, 'calm')).toBeLessThan(0.2);
    expect(burst(200, 'mass')).toBeGreaterThan(0.8);
  });

  it('cannot hide a burst behind the turn of a minute', () => {
    const behavior = small();
    const scores = Array.from(
      { length: 160 },
      (_, i) => behavior.observe({ account: 'a', atMs: 60_000 * 7 - 20_000 + i * 250, words: [`w${i}`] }).scores.burst,
    );
    expect(Math.max(...scores)).toBeGreaterThan(0.8);
  });
});

describe('accounts that share a template', () => {
  const words = (slot: string) => ['seven', 'copper', 'kettles', slot, 'under', 'northern', 'glass', 'dome'];
  function refusedWith(behavior: Behavior, accounts: readonly string[], more: readonly string[] = []) {
    for (const [i, account] of accounts.entries())
      for (let turn = 0; turn < 3; turn++)
        behavior.conclude(behavior.observe({ account, atMs: 1 + i, words: [...words(`slot${i}${turn}`), ...more] }), 'refused');
  }

  it('are one campaign, and whoever uses it next is told at once', () => {
    const behavior = small();
    const ring = Array.from({ length: 24 }, (_, i) => `ring${i}`);
    refusedWith(behavior, ring);
    const campaigns = campaignsOf(behavior.templates.templates(0));
    expect(campaigns).toHaveLength(1);
    const members = new Set(campaigns[0]?.accounts);
    expect(ring.filter((account) => members.has(behavior.numberOf(account))).length).toBeGreaterThan(15);
    const next = behavior.observe({ account: 'new', atMs: 99, words: words('slot') }).scores;
    expect(next.campaign).toBeGreaterThan(0.5);
    expect(next.reasons).toContain('behavior:shared-words');
  });

  it('are no campaign while they are few, or were not refused', () => {
    const behavior = small();
    refusedWith(behavior, ['a', 'b', 'c', 'd']);
    for (let i = 0; i < 20; i++)
      behavior.conclude(
        behavior.observe({ account: `harmless${i}`, atMs: 50, words: ['green', 'hills', 'at', 'dawn', 'with', 'mist'] }),
        'published',
      );
    expect(campaignsOf(behavior.templates.templates(0))).toEqual([]);
  });

  it('are no campaign where most are let through with them: everybody speaks of it today', () => {
    const behavior = small();
    const topic = ['seven', 'copper', 'kettles', 'under', 'northern', 'glass', 'dome'];
    const ask = (i: number) => behavior.observe({ account: `a${i}`, atMs: 1 + i, words: [...topic, `own${i}`] });
    for (let i = 0; i < 60; i++) behavior.conclude(ask(i), i % 4 === 0 ? 'refused' : 'published');
    expect(ask(4).scores.campaign).toBe(0);
  });

  it('are found among five thousand templates without holding the process for long', () => {
    const templates = Array.from({ length: 5_000 }, (_, triple) => ({
      triple,
      accounts: Array.from({ length: 16 }, (__, i) => 1 + ((triple * 7_919 + i * 104_729 * (triple % 13)) % 1_000)),
      seenAtMs: 1 + triple,
    }));
    const before = process.cpuUsage();
    const [largest] = campaignsOf(templates);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(600);
    expect(largest?.seenAtMs).toBe(5_000);
  });
});

describe('what is known', () => {
  it('goes over to another process and survives a restart', () => {
    const [one, other] = [small(), small()];
    tries(one, 'a', 6);
    const rows = one.suspects.takeChanged();
    for (const row of [...rows, ...rows]) other.suspects.merge(row);
    const ask = (behavior: Behavior) => behavior.observe({ account: 'a', atMs: 10_000, words: with1Changed(3) }).scores.probing;
    expect(ask(other)).toBeCloseTo(ask(one), 3);
  });

  it('takes the same memory however many come, and keeps those with most against them', () => {
    const behavior = new Behavior({ suspects: 64, triples: 64, seed: 1 });
    const before = behavior.bytes;
    tries(behavior, 'worst', 12);
    for (let i = 0; i < 5_000; i++)
      behavior.conclude(behavior.observe({ account: `passing${i}`, atMs: 20_000 + i, words: [`x${i}`, `y${i}`, `z${i}`] }), 'refused');
    expect(behavior.bytes).toBe(before);
    expect(behavior.observe({ account: 'worst', atMs: 30_000, words: BASE }).scores.probing).toBeGreaterThan(0.8);
  });

  it('is never less than what was counted, and scores stay between 0 and 1 whatever comes', () => {
    const sketch = new CountSketch(64, 3);
    for (let i = 0; i < 500; i++) sketch.add(i % 50);
    for (let key = 0; key < 50; key++) expect(sketch.count(key)).toBeGreaterThanOrEqual(10);
    const behavior = small();
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.string(), { maxLength: 80 }),
        fc.nat(),
        fc.constantFrom('refused', 'held', 'published'),
        (account, said, atMs, outcome) => {
          const ticket = behavior.observe({ account, atMs, words: said });
          behavior.conclude(ticket, outcome);
          const { probing, campaign, burst } = ticket.scores;
          return [probing, campaign, burst].every((score) => score >= 0 && score <= 1);
        },
      ),
    );
  });
});
