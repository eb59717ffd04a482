import type { Category } from '../../contracts/category.ts';
import { type EuStatement, euStatement } from './eu-statement.ts';
import type { ReasonsRecord } from './reasons-record.ts';

type EuCategory = EuStatement['category'];

interface Mapped {
  readonly category: EuCategory;
  readonly keywords: readonly string[];
}

const map = (category: EuCategory, ...keywords: readonly string[]): Mapped => ({ category, keywords });

/** Our categories in the database's words. Everything that leaves here is made by a model, hence the keywords of deepfakes. */
const CATEGORIES: Readonly<Record<Category, Mapped>> = {
  sexual: map('STATEMENT_CATEGORY_OTHER_VIOLATION_TC', 'KEYWORD_ADULT_SEXUAL_MATERIAL'),
  sexual_minors: map('STATEMENT_CATEGORY_PROTECTION_OF_MINORS', 'KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE'),
  ncii_undress: map('STATEMENT_CATEGORY_CYBER_VIOLENCE', 'KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE'),
  real_person_likeness: map('STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS'),
  political_disinformation: map(
    'STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS',
    'KEYWORD_MISINFORMATION_DISINFORMATION',
  ),
  hate: map('STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH', 'KEYWORD_HATE_SPEECH'),
  violence_gore: map('STATEMENT_CATEGORY_VIOLENCE'),
  self_harm: map('STATEMENT_CATEGORY_SELF_HARM', 'KEYWORD_SELF_MUTILATION'),
  extremism: map('STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY', 'KEYWORD_TERRORIST_CONTENT'),
  illegal_goods: map('STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS', 'KEYWORD_PROHIBITED_PRODUCTS'),
  ip: map('STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS', 'KEYWORD_COPYRIGHT_INFRINGEMENT'),
  fraud_id_documents: map('STATEMENT_CATEGORY_SCAMS_AND_FRAUD', 'KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING'),
  medical_dangerous: map('STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY', 'KEYWORD_RISK_PUBLIC_HEALTH'),
  brand_safety: map('STATEMENT_CATEGORY_OTHER_VIOLATION_TC'),
  known_bad: map('STATEMENT_CATEGORY_OTHER_VIOLATION_TC'),
  unsafe_file: map('STATEMENT_CATEGORY_OTHER_VIOLATION_TC'),
};

/** In the words of the statute; which of them applies in a country is for counsel to say (`docs/statements.md`). */
const LAWS: Readonly<Record<Exclude<ReasonsRecord['law'], null>, { readonly ground: string; readonly explanation: string }>> = {
  child_sexual_abuse: {
    ground: 'Directive 2011/93/EU, articles 2 and 5, and the national law that transposes it',
    explanation: 'The picture was found to be realistic or depicted sexual material of a child within the meaning of the law.',
  },
  intimate_imagery: {
    ground: 'Directive (EU) 2024/1385, article 5, and the national law that transposes it',
    explanation: 'The picture was found to show somebody as engaged in sexually explicit activities or nude, without that consent.',
  },
  terrorist_content: {
    ground: 'Regulation (EU) 2021/784, article 2(7)',
    explanation: 'The picture was found to be terrorist content within the meaning of the law.',
  },
  court_order: {
    ground: 'An order of a court or authority under Regulation (EU) 2022/2065, article 9',
    explanation: 'An order to act against this content was received and carried out.',
  },
  other_law: {
    ground: 'National law, as the notice named it',
    explanation: 'The content was found to be against the law that the notice named.',
  },
};

type Restricting = Pick<EuStatement, 'decision_visibility' | 'decision_visibility_other' | 'decision_provision' | 'decision_account'>;

const DECISIONS: Readonly<Record<ReasonsRecord['restriction'], Restricting>> = {
  not_made: other('The requested picture was not generated. Nothing was published.'),
  withheld: other('The generated picture was withheld from the recipient. Nothing was published.'),
  awaits_person: other('The request or its result is withheld until a person has looked at it.'),
  labelled: { decision_visibility: ['DECISION_VISIBILITY_CONTENT_LABELLED'] },
  removed: { decision_visibility: ['DECISION_VISIBILITY_CONTENT_REMOVED'] },
  account_limited: { decision_provision: 'DECISION_PROVISION_PARTIAL_SUSPENSION' },
  account_suspended: { decision_account: 'DECISION_ACCOUNT_SUSPENDED' },
  account_ended: { decision_account: 'DECISION_ACCOUNT_TERMINATED' },
};

function other(text: string): Pick<EuStatement, 'decision_visibility' | 'decision_visibility_other'> {
  return { decision_visibility: ['DECISION_VISIBILITY_OTHER'], decision_visibility_other: text };
}

const SOURCES: Readonly<Record<ReasonsRecord['source'], EuStatement['source_type']>> = {
  own: 'SOURCE_VOLUNTARY',
  notice: 'SOURCE_ARTICLE_16',
  trusted_flagger: 'SOURCE_TRUSTED_FLAGGER',
  order: 'SOURCE_TYPE_OTHER_NOTIFICATION',
};

const AUTOMATION: Readonly<Record<ReasonsRecord['decision'], EuStatement['automated_decision']>> = {
  fully: 'AUTOMATED_DECISION_FULLY',
  partially: 'AUTOMATED_DECISION_PARTIALLY',
  not_automated: 'AUTOMATED_DECISION_NOT_AUTOMATED',
};

/**
 * The record as the EU's Transparency Database takes it. Pure and total: the same record gives the same statement, and what comes out was validated.
 * @throws ZodError never for a record of ours; a test walks all of them
 */
export function euForm(record: ReasonsRecord): EuStatement {
  const [first, ...others] = record.categories.map((category) => CATEGORIES[category]);
  const primary =
    first ?? map(record.source === 'own' ? 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC' : 'STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE');
  const additions = [...new Set(others.map(({ category }) => category))].filter((category) => category !== primary.category);
  const keywords = [...new Set([primary, ...others].flatMap((one) => one.keywords))];
  return euStatement.parse({
    ...DECISIONS[record.restriction],
    ...endOf(record),
    ...groundOf(record),
    content_type: record.content === 'text' ? ['CONTENT_TYPE_TEXT'] : ['CONTENT_TYPE_IMAGE', 'CONTENT_TYPE_SYNTHETIC_MEDIA'],
    category: primary.category,
    ...(additions.length === 0 ? {} : { category_addition: additions }),
    ...(keywords.length === 0 ? {} : { category_specification: keywords }),
    content_date: record.contentOn,
    application_date: record.decidedOn,
    decision_facts: factsOf(record),
    source_type: SOURCES[record.source],
    automated_detection: record.detection === 'automated' ? 'Yes' : 'No',
    automated_decision: AUTOMATION[record.decision],
    puid: record.puid,
  });
}

/** Of a limit the service's, of a suspension the account's. */
function endOf({ restriction, endsOn = null }: ReasonsRecord): Partial<EuStatement> {
  if (endsOn === null) return {};
  if (restriction === 'account_limited') return { end_date_service_restriction: endsOn };
  return restriction === 'account_suspended' ? { end_date_account_restriction: endsOn } : {};
}

function groundOf({ law, policy, categories }: ReasonsRecord): Partial<EuStatement> {
  if (law !== null) {
    const { ground, explanation } = LAWS[law];
    return {
      decision_ground: 'DECISION_GROUND_ILLEGAL_CONTENT',
      illegal_content_legal_ground: ground,
      illegal_content_explanation: explanation,
    };
  }
  return {
    decision_ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
    incompatible_content_ground: `The published policy of the service: ${policy}`,
    incompatible_content_explanation: `What the policy does not allow: ${aboutOf(categories)}.`,
  };
}

function aboutOf(categories: readonly Category[]): string {
  return categories.length === 0 ? 'content that the service does not make' : categories.map((one) => one.replaceAll('_', ' ')).join(', ');
}

const NOTICED: Readonly<Record<ReasonsRecord['source'], string>> = {
  own: 'Automated checks that the service runs on every request and every generated picture brought it up.',
  notice: 'A notice of a person or an organization brought it up.',
  trusted_flagger: 'A notice of a trusted flagger brought it up.',
  order: 'An order of a court or authority brought it up.',
};

const DECIDED: Readonly<Record<ReasonsRecord['decision'], string>> = {
  fully: 'The decision was made by rules of the policy without a person.',
  partially: 'A person decided on what the checks had brought up.',
  not_automated: 'A person decided, without automated means.',
};

function factsOf(record: ReasonsRecord): string {
  const model = record.by === 'model' ? ' The provider of the model refused the request.' : '';
  return `${NOTICED[record.source]} It was found to involve: ${aboutOf(record.categories)}. ${DECIDED[record.decision]}${model}`;
}
