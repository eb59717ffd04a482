import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { rolesAllow } from '../../access/permissions.ts';
import { biasAudit, type GoldScore, goldScore, goldScores } from '../../review/quality/gold-scores.ts';
import { agreementBy, GROUPINGS, type GroupAgreement, MEASURES } from '../../review/quality/quality-report.ts';
import { type QualityReview, readReviews } from '../../review/quality/read-reviews.ts';
import { type Authenticate, permitted } from '../authenticate.ts';
import type { HttpParts, ReviewTeam } from '../parts.ts';
import { route } from '../route.ts';
import { staffOf } from '../staff-of.ts';

const figure = z.number().nullable();
const score = z.object({
  gold: z.int(),
  correct: z.int(),
  low: figure,
  high: figure,
  is_enough: z.boolean().describe('False: too few to speak of this person.'),
  cusum: z.object({ values: z.array(z.number()), threshold: z.number(), alarm_at: z.string().nullable() }),
});
const qualityAnswer = z
  .object({
    object: z.literal('quality'),
    from: z.string(),
    to: z.string(),
    by: z.enum(GROUPINGS),
    policies: z.array(
      z.object({
        policy: z.string().describe('The name of the group.'),
        n: z.int(),
        prevalence: figure,
        measures: z.array(z.object({ name: z.enum(MEASURES), value: figure, low: figure, high: figure, threshold: figure })),
        confusion: z.object({ labels: z.array(z.string()), rows: z.array(z.array(z.int())) }),
      }),
    ),
    team: score,
    reviewers: z.array(score.extend({ reviewer: z.string() })),
    bias: z.array(
      z.object({
        dimension: z.enum(GROUPINGS),
        groups: z.array(z.object({ group: z.string(), n: z.int(), errors: z.int(), low: z.number(), high: z.number() })),
        gap: z.object({ size: z.number(), chance: z.number(), is_beyond_chance: z.boolean() }).nullable(),
      }),
    ),
    notes: z.array(z.string()),
  })
  .meta({ id: 'Quality' });

const query = z.object({ days: z.coerce.number().int().min(1).max(365).default(28), by: z.enum(GROUPINGS).default('policy') });
const DAY_MS = 86_400_000;

/** How well reviewers agree, and how well they answer what is known. */
export function qualityRoutes({ db, team }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/quality',
      tag: 'Quality',
      summary:
        'Agreement with intervals, answers to gold cases, drift alarms, and whether mistakes fall on some groups more than on others',
      onRequest: permitted(authenticate, 'quality.read'),
      query,
      answer: qualityAnswer,
      handler: async ({ query: { days, by } }, request) => {
        const { id, roles } = staffOf(request);
        const to = new Date();
        const from = new Date(to.getTime() - days * DAY_MS);
        const reviews = await readReviews(db, from, rolesAllow(roles, 'cases.restricted'));
        const isLead = team.showsIndividuals && rolesAllow(roles, 'quality.manage');
        const people = [...goldScores(reviews)].filter(([reviewer]) => isLead || reviewer === id);
        return {
          object: 'quality' as const,
          from: from.toISOString(),
          to: to.toISOString(),
          by,
          policies: agreementBy(reviews, by).map((one) => showGroup(one, team)),
          team: showScore(goldScore(reviews)),
          reviewers: people.map(([reviewer, own]) => ({ reviewer, ...showScore(own) })),
          bias: biasAudit(reviews).map(({ dimension, groups, gap }) => ({
            dimension,
            groups: [...groups],
            gap: gap === null ? null : { size: gap.size, chance: gap.chance, is_beyond_chance: gap.isBeyondChance },
          })),
          notes: notesOf(reviews, isLead),
        };
      },
    });
  };
}

function showGroup({ group, n, prevalence, measures, confusion }: GroupAgreement, { thresholds }: ReviewTeam) {
  const wanted = (measure: string) => thresholds.findLast((one) => one.measure === measure && (one.policy === '*' || one.policy === group));
  return {
    policy: group,
    n,
    prevalence,
    measures: measures.map((one) => ({ ...one, threshold: wanted(one.name)?.value ?? null })),
    confusion: { labels: [...confusion.labels], rows: confusion.rows.map((row) => [...row]) },
  };
}

function showScore({ gold, correct, low, high, isEnough, cusum: { values, threshold, alarmAt } }: GoldScore) {
  const path = { values: [...values], threshold, alarm_at: alarmAt?.toISOString() ?? null };
  return { gold, correct, low: gold === 0 ? null : low, high: gold === 0 ? null : high, is_enough: isEnough, cusum: path };
}

/** Fewer overlaps than this give an interval of half the scale. */
const FEW_OVERLAPS = 200;

function notesOf(reviews: readonly QualityReview[], isLead: boolean): string[] {
  const doubles = reviews.filter(({ purpose }) => purpose === 'double').length;
  return [
    ...(doubles < FEW_OVERLAPS
      ? [`Only ${doubles} cases were looked at twice: intervals are wide, and nothing can be concluded from a change.`]
      : []),
    'Read positive specific agreement first: where violations are rare, the others say little about them.',
    'Depicted groups are not part of the bias audit: nobody labels them.',
    ...(isLead ? ['People are in alphabetical order. Their intervals overlap; there is no ranking in them.'] : []),
  ];
}
