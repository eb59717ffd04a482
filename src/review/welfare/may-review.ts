import type { Category } from '../../contracts/category.ts';
import type { StaffId } from '../../contracts/ids.ts';
import type { Queryable } from '../../storage/database.ts';
import { SHIPPED_WELFARE, type WelfarePlan } from './plan.ts';
import { readWelfare } from './welfare-store.ts';
import { type Pause, type WhyNot, type WorkingState, workingState } from './working-state.ts';

/** Whether somebody may be given a case, and if not, why and until when. */
export type MayReview =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly because: WhyNot; readonly resumesAt: Date | null; readonly text: string };

const TEXTS: Readonly<Record<WhyNot, string>> = {
  break: 'You are on a break.',
  budget: 'You have seen enough of this for now.',
  rotation: 'You have seen many of one kind in a row; take another queue.',
  opt_out: 'You asked not to be given such cases.',
};

/** How one person stands now. */
export async function workingStateOf(db: Queryable, staff: StaffId, plan: WelfarePlan = SHIPPED_WELFARE): Promise<WorkingState> {
  return workingState(await readWelfare(db, staff), plan, new Date());
}

/** Whether a person may be given a case of these categories; without any, whether they may be given a case at all. */
export async function mayReview(db: Queryable, staff: StaffId, categories: readonly Category[], plan?: WelfarePlan): Promise<MayReview> {
  const { pause, hidden } = await workingStateOf(db, staff, plan);
  const pauses = [pause, ...categories.map((category) => hidden.get(category) ?? null)].filter((one) => one !== null);
  const [longest] = pauses.toSorted((a, b) => endOf(b) - endOf(a));
  if (longest === undefined) return { allowed: true };
  return { allowed: false, ...longest, text: `${TEXTS[longest.because]}${again(longest)}` };
}

const again = ({ resumesAt }: Pause) => (resumesAt === null ? '' : ` It goes on at ${resumesAt.toISOString().slice(11, 16)} UTC.`);
const endOf = ({ resumesAt }: Pause) => resumesAt?.getTime() ?? Number.POSITIVE_INFINITY;

/** What the claim of the next case leaves out: categories for this person, or everything. */
export async function withheldFrom(db: Queryable, staff: StaffId, plan?: WelfarePlan): Promise<'everything' | readonly Category[]> {
  const { pause, hidden } = await workingStateOf(db, staff, plan);
  return pause === null ? [...hidden.keys()] : 'everything';
}
