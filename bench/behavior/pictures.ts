import { Behavior } from '../../src/behavior/behavior.ts';
import { PDQ_WORDS } from '../../src/registries/pdq/pdq-bits.ts';
import { seededRandom } from '../random.ts';
import { rounded } from '../statistics.ts';
import { Later, type Planned } from './later.ts';

const FLAG = 0.8;
const MONTH_MS = 30 * 86_400_000;
const MINUTE = 60_000;
const LEAST_PEOPLE = 5;
/** The gateway looks every five seconds; here after so many pictures. */
const LOOK_EVERY = 2_000;

interface Picture {
  readonly account: string;
  readonly atMs: number;
  readonly hash: Uint32Array;
  /** What it belongs to; null: an ordinary picture. */
  readonly group: string | null;
}

/**
 * A month of published pictures, as PDQ hashes: no picture is drawn. Ordinary ones resemble nothing but, in one session out of ten, their own variations (up to 12, at 6 to
 * 40 bits); a fifth of sessions edit something that many edit, and half of what comes of that is within 31 bits of it (`meme`). One in 3,000 sessions begins a ring of 6 to 40 accounts that
 * each make 3 to 8 pictures within 24 bits of one (`ring`), one in 3,000 an account that makes 300 of one (`mass`).
 */
function* picturesOfMonth(wanted: number, seed: number): Generator<Picture> {
  const random = seededRandom(seed);
  const integer = (below: number) => Math.floor(random() * below);
  const fresh = () => Uint32Array.from({ length: PDQ_WORDS }, () => integer(2 ** 32));
  const near = (hash: Uint32Array, least: number, most: number) => {
    const copy = hash.slice();
    for (let bits = least + integer(most - least + 1); bits > 0; bits--) {
      const bit = integer(PDQ_WORDS * 32);
      copy[bit >>> 5] = ((copy[bit >>> 5] ?? 0) ^ (1 << (bit & 31))) >>> 0;
    }
    return copy;
  };
  const memes = Array.from({ length: 40 }, fresh);
  const later = new Later<Picture>();
  const series = (account: string, times: number, gapMs: number, one: () => Uint32Array, group: string | null) => {
    let left = times;
    const request: Planned<Picture>['request'] = (atMs) => {
      left--;
      return { request: { account, atMs, hash: one(), group }, next: left > 0 ? { atMs: atMs + gapMs * (0.5 + random()), request } : null };
    };
    return request;
  };
  let begun = 0;
  const begin = (atMs: number) => {
    const number = begun++;
    const base = fresh();
    const account = `o${Math.floor(random() ** 2 * wanted * 0.3)}`;
    const lot = random();
    const meme = memes[integer(memes.length)] ?? base;
    if (lot < 1 / 3_000) {
      const ring = Array.from({ length: 6 + integer(35) }, (_, i) =>
        series(`r${number}-${i}`, 3 + integer(6), 10 * MINUTE, () => near(base, 0, 24), `ring ${number}`),
      );
      for (const request of ring) later.add({ atMs: atMs + random() * 120 * MINUTE, request });
    } else if (lot < 2 / 3_000) later.add({ atMs, request: series(`m${number}`, 300, 1_000, () => near(base, 0, 16), `mass ${number}`) });
    else if (lot < 0.1) later.add({ atMs, request: series(account, 2 + integer(11), 2 * MINUTE, () => near(base, 6, 40), null) });
    else if (lot < 0.3) later.add({ atMs, request: series(account, 1, 0, () => (random() < 0.5 ? near(meme, 4, 31) : fresh()), 'meme') });
    else later.add({ atMs, request: series(account, 1 + integer(4), 2 * MINUTE, fresh, null) });
  };
  for (let made = 0; made < wanted; ) {
    const atMs = (made / wanted) * MONTH_MS;
    const due = later.takeBefore(atMs);
    if (due === null) {
      begin(atMs);
      continue;
    }
    const { request, next } = due.request(due.atMs);
    if (next !== null) later.add(next);
    made++;
    yield request;
  }
}

/** How many rings come out as campaigns of pictures, how pure, and whom `copies` names. */
export function replayPictures(pictures: number, seed: number) {
  const behavior = new Behavior({ seed: 7 });
  const groupOf = new Map<number, string>();
  const rings = new Map<string, Set<string>>();
  const [ordinary, flagged, mass] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const found = { rings: new Set<string>(), groups: 0, members: 0, own: 0, memes: new Set<string>() };
  let [cpuMicros, done, lookedAtMs] = [0, 0, 0];

  function look(): void {
    for (const { accounts, marks } of behavior.lookAlikes.shared(lookedAtMs, LEAST_PEOPLE)) {
      const counts = new Map<string, number>();
      for (const account of accounts)
        counts.set(groupOf.get(account) ?? 'ordinary', (counts.get(groupOf.get(account) ?? 'ordinary') ?? 0) + 1);
      const [name, most] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), ['', 0]);
      if (!name.startsWith('ring')) {
        found.memes.add(marks.join());
        continue;
      }
      found.rings.add(name);
      found.groups++;
      found.members += accounts.length;
      found.own += most;
    }
  }

  for (const { account, atMs, hash, group } of picturesOfMonth(pictures, seed)) {
    const before = process.hrtime.bigint();
    behavior.pictured(account, hash, atMs);
    const copies = behavior.lookAlikes.scoreOf(behavior.numberOf(account), atMs);
    cpuMicros += Number(process.hrtime.bigint() - before) / 1_000;
    if (group?.startsWith('ring') === true) {
      groupOf.set(behavior.numberOf(account), group);
      rings.set(group, (rings.get(group) ?? new Set()).add(account));
    } else if (group?.startsWith('mass') === true) mass.add(account);
    else ordinary.add(account);
    if (copies >= FLAG) flagged.add(account);
    if (++done % LOOK_EVERY !== 0) continue;
    look();
    lookedAtMs = atMs;
  }
  const whole = [...rings].filter(([, accounts]) => accounts.size >= LEAST_PEOPLE).map(([name]) => name);
  const share = (some: readonly string[], among: ReadonlySet<string>) =>
    rounded(some.filter((one) => among.has(one)).length / Math.max(1, some.length));
  return {
    pictures: done,
    rings: { planted: whole.length, recall: share(whole, found.rings), purity: rounded(found.own / Math.max(1, found.members)) },
    // What many edit looks alike too. A person clears it once, and it is never opened again.
    othersFound: found.memes.size,
    copies: { mass: share([...mass], flagged), ordinary: share([...ordinary], flagged) },
    microsPerPicture: rounded(cpuMicros / done),
  };
}
