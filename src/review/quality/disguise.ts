import { z } from 'zod';
import type { Queryable } from '../../storage/database.ts';

/** How a case that replays another one is shown: everything of its generation as if it had happened when the replay was opened. */
export interface Disguise {
  readonly caseId: string;
  readonly openedAt: Date;
  /** From the original's time to the replay's. */
  readonly shiftMs: number;
}

type Json = unknown;
type Members = Readonly<Record<string, Json>>;

const row = z.object({ id: z.string(), opened_at: z.date(), original_at: z.date() }).transform(
  ({ id, opened_at, original_at }): Disguise => ({
    caseId: id,
    openedAt: opened_at,
    shiftMs: opened_at.getTime() - original_at.getTime(),
  }),
);

/** Which of these cases are replays. The same statement for every answer, whatever it holds. */
export async function disguisesOf(db: Queryable, caseIds: readonly string[]): Promise<ReadonlyMap<string, Disguise>> {
  const { rows } = await db.query({
    name: 'disguises-of-cases',
    text: 'select c.id, c.opened_at, o.opened_at as original_at from cases c join cases o on o.id = c.replays where c.id = any ($1)',
    values: [[...caseIds]],
  });
  return new Map(rows.map((one) => row.parse(one)).map((one) => [one.caseId, one]));
}

/** A case as an answer shows it: a list entry, a dossier, or what a decision gives. */
export function disguiseCase(shown: Members, disguise: Disguise): Members {
  const { shiftMs } = disguise;
  const later = (name: string) => (name in shown ? { [name]: shiftId(shown[name], shiftMs) } : {});
  const events = (name: string) => (Array.isArray(shown[name]) ? { [name]: disguiseEvents(shown[name], disguise) } : {});
  const dated = (name: string) => (isMembers(shown[name]) ? { [name]: shiftDate(shown[name], 'checked_at', shiftMs) } : {});
  const media = Array.isArray(shown['media'])
    ? {
        media: shown['media'].map((one) =>
          isMembers(one) ? { ...one, id: shiftId(one['id'], shiftMs), artifact_id: shiftId(one['artifact_id'], shiftMs) } : one,
        ),
      }
    : {};
  const parts = [later('generation_id'), later('decision_id'), later('upload_id'), events('conversation'), events('history')];
  return Object.assign({}, shown, ...parts, dated('upload'), dated('provenance'), media);
}

/** What happened before the replay was opened happened to the original. The order of what happens at once is that of any other case. */
export function disguiseEvents(events: readonly Json[], { openedAt, shiftMs }: Disguise): readonly Json[] {
  return events
    .map((event) => {
      if (!isMembers(event) || typeof event['at'] !== 'string' || Date.parse(event['at']) >= openedAt.getTime()) return event;
      return shiftDate(event, 'at', shiftMs);
    })
    .toSorted((a, b) => timeOf(a) - timeOf(b) || Number(isOpening(b)) - Number(isOpening(a)));
}

const ID = /\b(?:gen|dec|art|upl)_[0-9a-hjkmnp-tv-z]{26}\b/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

/** What was rendered from a case: every id and time in it that is older than the replay, and the day of the content. */
export function disguiseRendered(rendered: Json, disguise: Disguise): Json {
  const { openedAt, shiftMs } = disguise;
  const isOlder = (ms: number) => ms < openedAt.getTime();
  if (typeof rendered === 'string') {
    return rendered
      .replaceAll(ID, (id) => (isOlder(idTime(id)) ? String(shiftId(id, shiftMs)) : id))
      .replaceAll(TIME, (at) => (isOlder(Date.parse(at)) ? new Date(Date.parse(at) + shiftMs).toISOString() : at));
  }
  if (Array.isArray(rendered)) return rendered.map((one: Json) => disguiseRendered(one, disguise));
  if (!isMembers(rendered)) return rendered;
  const members = Object.entries(rendered).map(([name, value]) => [name, disguiseRendered(value, disguise)]);
  // A day alone: by the original's hour it may be the one before or the replay's own.
  const day = 'content_date' in rendered ? { content_date: openedAt.toISOString().slice(0, 10) } : {};
  return { ...Object.fromEntries(members), ...day };
}

const timeOf = (event: Json) => (isMembers(event) && typeof event['at'] === 'string' ? Date.parse(event['at']) : 0);
const isOpening = (event: Json) => isMembers(event) && event['act'] === 'opened';

function shiftDate(members: Members, name: string, shiftMs: number): Members {
  const at = members[name];
  return typeof at === 'string' ? { ...members, [name]: new Date(Date.parse(at) + shiftMs).toISOString() } : members;
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_CHARS = 10;

/** Our ids begin with the millisecond in which they were made. Anything else comes back as it is. */
export function shiftId(id: Json, shiftMs: number): Json {
  const parts = typeof id === 'string' ? /^((?:gen|dec|art|upl)_)([0-9a-hjkmnp-tv-z]{10})([0-9a-hjkmnp-tv-z]{16})$/.exec(id) : null;
  if (parts === null) return id;
  const [, prefix = '', , random = ''] = parts;
  let ms = idTime(parts[0]) + shiftMs;
  let shifted = '';
  for (let at = 0; at < TIME_CHARS; at++) {
    shifted = ALPHABET.charAt(ms % 32) + shifted;
    ms = Math.floor(ms / 32);
  }
  return `${prefix}${shifted}${random}`;
}

/** @param id prefix of three letters, underscore, then the time */
const idTime = (id: string) => [...id.slice(4, 4 + TIME_CHARS)].reduce((sum, char) => sum * 32 + ALPHABET.indexOf(char), 0);

export function isMembers(value: Json): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
