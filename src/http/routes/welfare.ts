import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';
import type { StaffId } from '../../contracts/ids.ts';
import { readWelfare, setBreak, setOptOuts } from '../../review/welfare/welfare-store.ts';
import { workingState } from '../../review/welfare/working-state.ts';
import { type Authenticate, operatorOf, permitted } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const tag = 'Welfare';
const category = z.enum(CATEGORIES);
const when = z.string().nullable();
const welfareAnswer = z
  .object({
    object: z.literal('welfare'),
    opt_outs: z.array(category),
    budgets: z.array(z.object({ category: z.string(), today: z.number(), budget: z.number(), resumes_at: when })),
    week: z.object({ seen: z.number(), budget: z.number() }),
    blocked: z.array(z.object({ category, because: z.enum(['break', 'budget', 'rotation', 'opt_out']), resumes_at: when })),
    break: z.object({ until: z.string() }).nullable(),
    offered: z.object({ why: z.string() }).nullable(),
    resumes_at: when,
  })
  .meta({ id: 'Welfare' });

/** What each reviewer sees of their own work, and decides about it. Nobody reads anybody else's. */
export function welfareRoutes({ db, team }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const show = (staff: StaffId) => welfareOf(staff, { db, team });
  return async (app) => {
    app.addHook('onRequest', permitted(authenticate, 'cases.read'));
    const about = { tag, answer: welfareAnswer } as const;
    route(app, {
      ...about,
      method: 'GET',
      url: '/v1/me/welfare',
      summary: 'What you have seen, what you may see, and your break',
      handler: (_, request) => show(operatorOf(request)),
    });
    route(app, {
      ...about,
      method: 'PUT',
      url: '/v1/me/welfare',
      summary: 'What you do not want to be given. No reason is asked',
      body: z.strictObject({ opt_outs: z.array(category).max(CATEGORIES.length) }),
      handler: async ({ body: { opt_outs } }, request) => {
        await setOptOuts(db, operatorOf(request), opt_outs);
        return show(operatorOf(request));
      },
    });
    route(app, {
      ...about,
      method: 'POST',
      url: '/v1/me/breaks',
      summary: 'Take a break: no case is given out until it ends',
      body: z.strictObject({ minutes: z.int().min(1).max(480).optional() }).nullish(),
      handler: async ({ body }, request) => {
        const minutes = body?.minutes ?? team.welfare.breakMinutes;
        await setBreak(db, operatorOf(request), new Date(Date.now() + minutes * 60_000));
        return show(operatorOf(request));
      },
    });
    route(app, {
      ...about,
      method: 'DELETE',
      url: '/v1/me/breaks',
      summary: 'End your break',
      handler: async (_, request) => {
        await setBreak(db, operatorOf(request), null);
        return show(operatorOf(request));
      },
    });
  };
}

async function welfareOf(staff: StaffId, { db, team }: Pick<HttpParts, 'db' | 'team'>): Promise<z.input<typeof welfareAnswer>> {
  const record = await readWelfare(db, staff);
  const now = new Date();
  const { pause, hidden, today, week, breakOffered } = workingState(record, team.welfare, now);
  const { breakMinutes, perDay, perWeek } = team.welfare;
  const seen = record.exposures.filter(({ seenAt }) => seenAt.getTime() > now.getTime() - 86_400_000);
  const all = { category: 'all', today, budget: perDay, resumes_at: pause?.because === 'budget' ? isoOf(pause.resumesAt) : null };
  return {
    object: 'welfare' as const,
    opt_outs: [...record.optOuts],
    budgets: [
      all,
      ...Object.entries(team.welfare.categories).map(([name, limit]) => {
        const own = category.parse(name);
        const used = hidden.get(own);
        return {
          category: own,
          today: seen.filter(({ categories }) => categories.includes(own)).length,
          budget: limit?.perDay ?? perDay,
          resumes_at: used?.because === 'budget' ? isoOf(used.resumesAt) : null,
        };
      }),
    ],
    week: { seen: week, budget: perWeek },
    blocked: [...hidden].map(([name, { because, resumesAt }]) => ({ category: name, because, resumes_at: isoOf(resumesAt) })),
    break: record.breakUntil !== null && record.breakUntil > now ? { until: record.breakUntil.toISOString() } : null,
    offered:
      breakOffered === null
        ? null
        : { why: `You have been looking for ${breakOffered} minutes. ${breakMinutes} minutes off are good now.` },
    resumes_at: isoOf(pause?.resumesAt ?? null),
  };
}

function isoOf(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
