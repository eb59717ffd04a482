import { performance } from 'node:perf_hooks';
import type { Category } from '../../contracts/category.ts';
import type { Check, Detection } from '../../contracts/check.ts';
import type { Outbound } from '../../outbound/outcome.ts';
import type { Classification, ClassifyFailure } from '../../prompts/external/classification.ts';
import { guardCalls } from '../../prompts/external/guarded-calls.ts';
import { oncePerFile } from '../once-per-file.ts';
import type { PictureDialect } from './picture-service.ts';
import type { CopyPlainly } from './plain-copies.ts';
import { coverageOf } from './plugin-fields.ts';
import type { ServiceSettings } from './service-kinds.ts';

/** Scores below this are noise of the service and stand in no record. */
const NOTHING = 0.01;
/** Copies are made before the service's own time begins. */
const COPY_MS = 8_000;

/** The service could not tell; the runner makes a failed finding of it, which names `code`. */
class NotJudged extends Error {
  override readonly name = 'NotJudged';
  readonly code: ClassifyFailure;

  constructor(cause: ClassifyFailure) {
    super('a service outside could not tell');
    this.code = cause;
  }
}

interface ServiceParts {
  readonly settings: ServiceSettings;
  readonly dialect: PictureDialect;
  readonly outbound: Outbound;
  readonly copy: CopyPlainly;
  /** Monotonic milliseconds. */
  readonly clock?: () => number;
}

/** The id of the check that holds the categories of a service which block when it could not tell. */
export function strictIdOf(name: string): string {
  return `${name}-strict`;
}

/**
 * The checks of one service: `NAME` for the categories that are held when it could not tell, and `NAME-strict` for those that are blocked, if there
 * are any; a policy lists both with what it does then. Both look at one answer. A service fails as a whole: an answer without one category
 * is none.
 */
export function createServiceChecks({ settings, dialect, outbound, copy, clock = () => performance.now() }: ServiceParts): Check[] {
  const { name, whenFailed, looksAt, deadlineMs, coverage } = settings;
  const askAll = guardCalls({ outbound, limits: settings, clock });
  const ask = oncePerFile<Classification | 'unreadable'>(async (bytes) => {
    const copies = await copy(bytes);
    return copies === undefined ? 'unreadable' : askAll((post) => copies.map((one) => dialect.look(one, post)));
  });
  const checkFor = (id: string, categories: readonly Category[]): Check => ({
    id,
    version: `1+${dialect.version}`,
    looksAt,
    categories,
    coverage: coverageOf(categories, looksAt, coverage),
    deadlineMs: deadlineMs + COPY_MS,
    async detect({ image }, signal) {
      if (image === undefined) throw new TypeError(`${id} needs an image`);
      const answer = await ask(image, signal);
      return answer === 'unreadable' ? { kind: 'abstained', reason: 'unreadable' } : detectionOf(name, categories, answer);
    },
  });
  const isStrict = (category: Category) => whenFailed[category] === 'block';
  const groups = [
    { id: name, categories: dialect.categories.filter((category) => !isStrict(category)) },
    { id: strictIdOf(name), categories: dialect.categories.filter(isStrict) },
  ];
  return groups.filter(({ categories }) => categories.length > 0).map(({ id, categories }) => checkFor(id, categories));
}

function detectionOf(name: string, categories: readonly Category[], answer: Classification): Detection {
  if (answer.kind === 'failed') throw new NotJudged(answer.cause);
  const found = answer.scores.filter(({ category, score }) => score >= NOTHING && categories.includes(category));
  return { kind: 'signals', signals: found.map(({ category, score, label }) => ({ category, score, reason: `${name}:${label}` })) };
}
