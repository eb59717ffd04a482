import type { Limits, Use } from '../access/limits/limits.ts';
import type { Submission } from '../contracts/submission.ts';
import type { Headers } from '../reply/headers.ts';

/** Under OpenAI's names: what a picture costs is what they call tokens. */
const NAMES = { requests: 'requests', images: 'images', cost: 'tokens' } as const;

/**
 * What is left of limits, on every answer of a way to a model, as far as this process knows: `x-ratelimit-limit-requests`,
 * `x-ratelimit-remaining-requests`, `x-ratelimit-reset-requests` and the same for `images` and `tokens`. Of several limits the one of which least is left.
 */
export function limitHeaders(submission: Submission, limits: Pick<Limits, 'usesOf'>): Headers {
  const uses = limits.usesOf(submission);
  const headers: Headers = {};
  for (const what of ['requests', 'images', 'cost'] as const) {
    const [first, ...others] = uses.filter(({ limit }) => limit.rule.what === what);
    if (first === undefined) continue;
    const { most, used, resetMs } = others.reduce((tightest, one) => (shareLeft(one) < shareLeft(tightest) ? one : tightest), first);
    const name = NAMES[what];
    headers[`x-ratelimit-limit-${name}`] = String(most);
    headers[`x-ratelimit-remaining-${name}`] = String(Math.max(0, most - used));
    headers[`x-ratelimit-reset-${name}`] = durationOf(resetMs);
  }
  const warnings = uses.filter(({ limit, most, used }) => limit.rule.warn_at !== undefined && used >= limit.rule.warn_at * most);
  if (warnings.length > 0)
    headers['x-imprimatur-limit-warning'] = warnings.map(({ limit, most, used }) => `${limit.id}=${percent(used, most)}`).join(', ');
  return headers;
}

const shareLeft = ({ most, used }: Use) => (most - used) / most;
const percent = (used: number, most: number) => `${Math.min(100, Math.floor((100 * used) / most))}%`;

/** As OpenAI writes it: `250ms`, `8s`, `6m0s`, `23h59m0s`. */
export function durationOf(ms: number): string {
  if (ms < 1_000) return `${Math.ceil(ms)}ms`;
  const seconds = Math.ceil(ms / 1_000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}
