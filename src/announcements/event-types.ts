/**
 * Everything that is told, and what its `data` holds: ids, codes and times. A prompt, a picture, a name or a note is never in it; who needs more asks the
 * API with its key. `docs/webhooks.md` is generated from here.
 */
export const EVENT_TYPES = {
  'generation.held': 'A person looks at it before anything goes on. `generation`, `status`, `surface`.',
  'generation.released': 'A person let it go. `generation`, `status`, `surface`.',
  'generation.published': 'Its pictures can be fetched. `generation`, `status`, `surface`.',
  'generation.blocked': 'It was refused, by policy or by a person. `generation`, `status`, `surface`.',
  'generation.failed': 'It ended without a picture. `generation`, `status`, `surface`.',
  'case.opened': 'Something waits for a person. `case`, `kind`, `status`, `queue`, and `generation` or `upload`.',
  'case.decided': 'A case was decided. `case`, `kind`, `status`, `queue`, and `generation` or `upload`.',
  'case.escalated': 'A case went to a smaller circle. `case`, `kind`, `status`, `queue`, and `generation` or `upload`.',
  'case.alarm': 'A share of a deadline is over. `case`, `clock`, `obligation`, `percent`, `statutory`, `due_at`, `queue`.',
  'case.deadline_passed': 'A deadline has passed. `case`, `clock`, `obligation`, `percent`, `statutory`, `due_at`, `queue`.',
  'artifact.taken_down': 'A published picture must not be spread any more. `artifact`, `generation`, `reason`.',
  'user.measure_imposed': 'People acted on the end user who asked for a generation. `measure`, `action`, `until`, `generation`, `case`.',
  'user.measure_lifted': 'It is over before its end. `measure`, `action`, `generation`.',
  'alert.raised': "Something needs the operator's people. `key`, `severity`, `title`. Only for endpoints without an application.",
  'limit.warning':
    'So much of a limit is used that somebody wanted to know; once in each window of each count. `limit`, `subject`, `used`, `most`. Where several applications share the count, only for endpoints without one.',
  'webhook.test': 'Somebody asked whether this endpoint works. `endpoint`.',
} as const satisfies Record<string, string>;

export type EventType = keyof typeof EVENT_TYPES;

export const EVENT_NAMES: readonly EventType[] = Object.keys(EVENT_TYPES).filter((name): name is EventType => name in EVENT_TYPES);
