import { z } from 'zod';

/** ISO 8601: calendar parts are counted on the wall of a zone, the rest as elapsed time. */
export interface Duration {
  readonly months: number;
  readonly days: number;
  readonly ms: number;
}

const FORM = /^P(?=.)(?:(\d{1,3})Y)?(?:(\d{1,3})M)?(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?$/;

/** Text of a whole-number ISO 8601 duration that is longer than nothing, such as `PT48H`, `P1M` or `P10D`. */
export const durationText = z.string().refine(isDuration, 'a duration such as PT4H, P3D or P1M');

/** @throws RangeError for a text that is no duration or is zero */
export function parseDuration(text: string): Duration {
  const found = FORM.exec(text);
  if (found === null) throw new RangeError(`not an ISO 8601 duration: ${JSON.stringify(text)}`);
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  const duration = { months: years * 12 + months, days: weeks * 7 + days, ms: ((hours * 60 + minutes) * 60 + seconds) * 1_000 };
  if (duration.months + duration.days + duration.ms === 0) throw new RangeError('a duration of nothing');
  return duration;
}

function isDuration(text: string): boolean {
  try {
    return parseDuration(text).ms >= 0;
  } catch {
    return false;
  }
}
