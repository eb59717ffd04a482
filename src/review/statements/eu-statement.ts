import { z } from 'zod';
import {
  ACCOUNT_TYPES,
  AUTOMATED_DECISIONS,
  CONTENT_TYPES,
  DECISION_ACCOUNTS,
  DECISION_GROUNDS,
  DECISION_MONETARIES,
  DECISION_PROVISIONS,
  DECISION_VISIBILITIES,
  KEYWORDS,
  SOURCE_TYPES,
  STATEMENT_CATEGORIES,
  TERRITORIES,
} from './eu-values.ts';
import { personalDataIn } from './personal-data.ts';

/** Words of a person or of ours. Art. 24(5) DSA: no personal data. The message names the kind and never the text. */
const words = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .superRefine((text, context) => {
      for (const kind of personalDataIn(text)) context.addIssue({ code: 'custom', message: `holds personal data: ${kind}` });
    });

/** @param from the first day that the database takes */
const day = (from: string) => z.iso.date().refine((date) => date >= from && date <= '2038-01-01', `must be from ${from} to 2038-01-01`);
const lastDay = z.iso
  .date()
  .refine((date) => date <= '2038-01-01', 'must be 2038-01-01 at the latest')
  .nullable()
  .exactOptional();

const oneOf = (values: readonly string[]) => z.string().refine((value) => values.includes(value), 'is none of the values of the schema');
const unique = (values: readonly string[]) => new Set(values).size === values.length;

const fields = z.strictObject({
  decision_visibility: z.array(z.enum(DECISION_VISIBILITIES)).refine(unique, 'names one twice').exactOptional(),
  decision_visibility_other: words(500).exactOptional(),
  decision_monetary: z.enum(DECISION_MONETARIES).exactOptional(),
  decision_monetary_other: words(500).exactOptional(),
  decision_provision: z.enum(DECISION_PROVISIONS).exactOptional(),
  decision_account: z.enum(DECISION_ACCOUNTS).exactOptional(),
  account_type: z.enum(ACCOUNT_TYPES).exactOptional(),
  decision_ground: z.enum(DECISION_GROUNDS),
  decision_ground_reference_url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .exactOptional(),
  illegal_content_legal_ground: words(500).exactOptional(),
  illegal_content_explanation: words(2000).exactOptional(),
  incompatible_content_ground: words(500).exactOptional(),
  incompatible_content_explanation: words(2000).exactOptional(),
  incompatible_content_illegal: z.enum(['Yes', 'No']).exactOptional(),
  content_type: z.array(z.enum(CONTENT_TYPES)).min(1).refine(unique, 'names one twice'),
  content_type_other: words(500).exactOptional(),
  category: z.enum(STATEMENT_CATEGORIES),
  category_addition: z.array(z.enum(STATEMENT_CATEGORIES)).refine(unique, 'names one twice').exactOptional(),
  category_specification: z.array(oneOf(KEYWORDS)).refine(unique, 'names one twice').exactOptional(),
  category_specification_other: words(500).exactOptional(),
  territorial_scope: z.array(oneOf(TERRITORIES)).refine(unique, 'names one twice').exactOptional(),
  content_language: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .exactOptional(),
  content_date: day('2000-01-01'),
  application_date: day('2020-01-01'),
  end_date_visibility_restriction: lastDay,
  end_date_monetary_restriction: lastDay,
  end_date_service_restriction: lastDay,
  end_date_account_restriction: lastDay,
  decision_facts: words(5000),
  source_type: z.enum(SOURCE_TYPES),
  source_identity: words(500).exactOptional(),
  automated_detection: z.enum(['Yes', 'No']),
  automated_decision: z.enum(AUTOMATED_DECISIONS),
  puid: z.string().regex(/^[A-Za-z0-9_-]{1,500}$/),
  content_id: z.strictObject({ 'EAN-13': z.string().regex(/^\d{13}$/) }).exactOptional(),
});

type Fields = z.output<typeof fields>;
type Field = keyof Fields;

/** Fields that belong to one value of another: required with it, refused without it, as the database would drop them in silence. */
const TIES: readonly { readonly when: (statement: Fields) => boolean; readonly required: readonly Field[]; readonly allowed?: Field }[] = [
  { when: (one) => one.decision_visibility?.includes('DECISION_VISIBILITY_OTHER') ?? false, required: ['decision_visibility_other'] },
  { when: (one) => one.decision_monetary === 'DECISION_MONETARY_OTHER', required: ['decision_monetary_other'] },
  { when: (one) => one.content_type.includes('CONTENT_TYPE_OTHER'), required: ['content_type_other'] },
  { when: (one) => one.category_specification?.includes('KEYWORD_OTHER') ?? false, required: ['category_specification_other'] },
  {
    when: (one) => one.decision_ground === 'DECISION_GROUND_ILLEGAL_CONTENT',
    required: ['illegal_content_legal_ground', 'illegal_content_explanation'],
  },
  {
    when: (one) => one.decision_ground === 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
    required: ['incompatible_content_ground', 'incompatible_content_explanation'],
    allowed: 'incompatible_content_illegal',
  },
];

const DECISIONS: readonly Field[] = ['decision_visibility', 'decision_monetary', 'decision_provision', 'decision_account'];

/** An end of a restriction that was not imposed says nothing. */
const ENDS: readonly (readonly [Field, Field])[] = [
  ['end_date_visibility_restriction', 'decision_visibility'],
  ['end_date_monetary_restriction', 'decision_monetary'],
  ['end_date_service_restriction', 'decision_provision'],
  ['end_date_account_restriction', 'decision_account'],
];

type Problem = readonly [Field, string];

function hasField(statement: Fields, field: Field): boolean {
  const value = statement[field];
  return value !== undefined && (!Array.isArray(value) || value.length > 0);
}

function tieProblems(statement: Fields): Problem[] {
  return TIES.flatMap(({ when, required, allowed }) => {
    const applies = when(statement);
    const wrong = required.filter((field) => applies !== hasField(statement, field));
    const stray = allowed !== undefined && !applies && hasField(statement, allowed) ? [allowed] : [];
    return [
      ...wrong.map((field): Problem => [field, applies ? 'is needed' : 'does not belong here']),
      ...stray.map((field): Problem => [field, 'does not belong here']),
    ];
  });
}

function endProblems(statement: Fields): Problem[] {
  return ENDS.flatMap(([end, decision]): Problem[] => {
    const date = statement[end];
    if (typeof date !== 'string') return [];
    if (!hasField(statement, decision)) return [[end, 'ends a restriction that was not imposed']];
    return date < statement.application_date ? [[end, 'is before the decision applies']] : [];
  });
}

function otherProblems(statement: Fields): Problem[] {
  const { category, category_addition, source_type, content_date, application_date } = statement;
  const checks: readonly (readonly [boolean, Problem])[] = [
    [!DECISIONS.some((field) => hasField(statement, field)), ['decision_visibility', `one of ${DECISIONS.join(', ')} is needed`]],
    [category_addition?.includes(category) ?? false, ['category_addition', 'repeats the category']],
    [source_type === 'SOURCE_VOLUNTARY' && hasField(statement, 'source_identity'), ['source_identity', 'does not belong here']],
    [content_date > application_date, ['content_date', 'is after the decision applies']],
  ];
  return checks.flatMap(([isWrong, problem]) => (isWrong ? [problem] : []));
}

/**
 * A statement of reasons as the EU's Transparency Database takes it (`POST /api/v1/statement`), with its cross-field rules and stricter where
 * it would drop something in silence. No free text of it may hold personal data.
 */
export const euStatement = fields.superRefine((statement, context) => {
  for (const [field, message] of [...otherProblems(statement), ...tieProblems(statement), ...endProblems(statement)])
    context.addIssue({ code: 'custom', path: [field], message });
});

export type EuStatement = z.output<typeof euStatement>;
