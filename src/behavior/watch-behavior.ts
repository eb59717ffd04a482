import type { BehaviorScores } from '../contracts/behavior-scores.ts';
import type { GenerationId } from '../contracts/ids.ts';
import type { Outcome } from '../contracts/stages.ts';
import type { Submission } from '../contracts/submission.ts';
import type { DecidedWords, Ticket } from './behavior.ts';
import type { MarkNews, Marks } from './mark-store.ts';
import { Untold, type UntoldParts } from './untold.ts';

/** What the stages ask. */
export interface BehaviorWatch {
  /** Of the end user, or of the key where nobody is named. Null: nobody watches. */
  observe(submission: Submission): BehaviorScores | null;
  /** How it ended. */
  conclude(submission: Submission, outcome: Outcome): void;
  /** Tells what is new, and hears what others know. */
  exchange(): Promise<void>;
}

interface WatchParts extends UntoldParts {
  /** The words of a prompt, tricks undone. */
  readonly wordsOf: (prompt: string) => readonly string[];
  /** Keyed digest of an end user, as cases have it. */
  readonly userDigest: (application: string, user: string) => string;
  readonly markNews: MarkNews;
  /** Null: nothing changed. */
  readonly decidedWords: () => Promise<DecidedWords | null>;
}

/** Requests under way; more than a process can have at once. */
const MOST_OPEN = 20_000;
export function watchBehavior(parts: WatchParts): BehaviorWatch {
  const { behavior, wordsOf, store } = parts;
  const open = new Map<GenerationId, Ticket>();
  const untold = new Untold(parts);

  function markOf({ id, receivedAt, caller: { application } }: Submission, account: string, user: string): Omit<Marks, 'kind' | 'marks'> {
    const userDigest = parts.userDigest(application, user);
    return { account: behavior.numberOf(account), application, userDigest, generationId: id, atMs: receivedAt.getTime() };
  }

  async function hear(): Promise<void> {
    const decided = await parts.decidedWords();
    if (decided !== null) behavior.setDecided(decided);
    for (const row of await store.news()) behavior.suspects.merge(row);
    for (const { kind, account, atMs, marks: known } of await parts.markNews.read()) {
      if (kind === 'words') behavior.templates.add(known, account, atMs);
      else behavior.lookAlikes.hear(Uint32Array.from(known), account, atMs);
    }
  }

  return {
    observe(submission) {
      const { account, user } = accountOf(submission);
      const device = deviceOf(submission, user);
      const ticket = behavior.observe({
        account,
        isMany: user === null,
        atMs: submission.receivedAt.getTime(),
        words: wordsOf(submission.request.prompt),
        ...(device === undefined ? {} : { device }),
      });
      open.set(submission.id, ticket);
      const [oldest] = open.keys();
      if (open.size > MOST_OPEN && oldest !== undefined) open.delete(oldest);
      return ticket.scores;
    },
    conclude(submission, outcome) {
      const ticket = open.get(submission.id);
      open.delete(submission.id);
      if (ticket === undefined || outcome.kind === 'failed') return;
      behavior.conclude(ticket, outcome.kind);
      const { account, user } = accountOf(submission);
      // A key is nobody who could be a member of a campaign.
      if (user === null) return;
      const mark = markOf(submission, account, user);
      if (outcome.kind === 'published')
        untold.addPictures(
          account,
          outcome.artifacts.map(({ id }) => id),
          mark,
        );
      else if (ticket.triples.length > 0) untold.addWords(mark, ticket.triples);
    },
    async exchange() {
      // Heard first, so that what is told has what others knew in it.
      await hear();
      await untold.look();
      await untold.tell();
    },
  };
}

interface AccountOf {
  /** As `Behavior` knows it. */
  readonly account: string;
  /** The end user of a signed claim, or whom the caller names; null: nobody is named, and the account is the key. */
  readonly user: string | null;
}

function accountOf({ caller: { user: claimed, application, keyId }, conversation }: Submission): AccountOf {
  const user = claimed?.id ?? conversation?.endUsers[0] ?? null;
  // A user may be called like a key, and a name holds no end of line but its own.
  return { account: user === null ? `${application}\nkey\n${keyId}` : `${application}\n${user}`, user };
}

/** Accounts that change while this stays are one: a device, or, of keys that name nobody, their application. */
function deviceOf({ caller: { application, user: claimed } }: Submission, user: string | null): string | undefined {
  if (user === null) return `${application}\nkeys`;
  // A device that two applications name alike is two.
  return claimed?.device === undefined ? undefined : `${application}\ndevice\n${claimed.device}`;
}
