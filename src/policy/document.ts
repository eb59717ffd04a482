import { z } from 'zod';
import { AUDIENCES } from '../contracts/audience.ts';
import { CATEGORIES } from '../contracts/category.ts';
import { WATERMARK_WISHES } from '../contracts/decision.ts';
import { TIERS } from '../contracts/end-user.ts';
import { conditionSchema, requirementSchema, score, slug } from './condition.ts';
import { deadlinesSchema } from './deadlines.ts';
import { parameterLimitSchema, soundLimitSchema } from './parameter-clamp.ts';
import { strikeRuleSchema } from './strikes.ts';
import { uploadsSchema } from './uploads.ts';

/** Semantic Versioning 2.0.0, section 2, 9 and 10. */
const semver = z
  .string()
  .regex(/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/, 'a version such as 1.0.0, in three parts');
/** Names travel in a response header when a limit was applied. */
const parameterName = z.string().regex(/^[A-Za-z][\w.-]{0,63}$/, 'a parameter name: letters, digits, "_", "." and "-"');
const prose = z.string().trim().min(1).max(2000);

export const checkEntrySchema = z.strictObject({
  id: slug.describe('The check, by its id.'),
  deadlineMs: z.exactOptional(z.int().min(1).max(600_000)).describe('Milliseconds after which the check counts as failed.'),
  whenFailed: z.enum(['hold', 'block']).describe('What happens when the check could not tell.'),
  whenAbstained: z
    .exactOptional(z.enum(['hold', 'block']))
    .describe('What happens when the check says that it cannot judge this kind of thing. Left out: nothing.'),
});

export const shadowEntrySchema = z.strictObject({
  id: slug.describe('The check, by its id.'),
  deadlineMs: z.int().min(1).max(60_000).default(2_000).describe('Milliseconds for which an answer waits for it.'),
});

export const ruleSchema = z.strictObject({
  id: slug.describe('A name that stands in the ledger and in statements of reasons; unique in the policy.'),
  description: prose.describe('The rule in words.'),
  when: conditionSchema,
  action: z
    .enum(['conservative', 'slow', 'label', 'hold', 'step_up', 'block'])
    .describe(
      'What happens at least. Whatever nothing stops is allowed; "conservative": with the strictest settings that the model has; "slow": after a wait. "step_up": refused to whom the platform does not vouch for as verified, and the refusal says so.',
    ),
  seconds: z.exactOptional(z.int().min(1).max(30)).describe('How long "slow" waits; 5 when left out.'),
  requires: z
    .exactOptional(requirementSchema)
    .describe(
      'Whoever has all of this passes the rule; the refusal says what would help. Needs signed claims of the platform: docs/end-users.md.',
    ),
  stage: z.enum(['prompt', 'output', 'both']).default('both').describe('When the rule is asked: before generation, after it, or both.'),
});

const levels = {
  conservative: z.exactOptional(score).describe('From this score of the prompt on the model is asked with its strictest settings.'),
  label: z.exactOptional(score).describe('From this score on the picture carries a visible label.'),
  hold: z.exactOptional(score).describe('From this score on a person decides.'),
  block: z.exactOptional(score).describe('From this score on it is refused.'),
};
export const thresholdLineSchema = z.strictObject({
  ...levels,
  surfaces: z
    .exactOptional(z.record(z.string().min(1), z.strictObject(levels)))
    .describe('Other numbers for single surfaces. A number that is not given here stays as above.'),
});

/** Regions with a duty of two disclosures: EU AI Act article 50; California Business and Professions Code §22757.3 (SB 942). */
export const TWO_DISCLOSURE_REGIONS = ['EU', 'US-CA'] as const;
/** ISO 3166-1 or 3166-2, or EU. */
const region = z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'a region such as EU, CN or US-CA');

const labelSchema = z.strictObject({
  surfaces: z.exactOptional(z.array(z.string().min(1)).min(1)).describe('Only on these surfaces; left out, on all.'),
  regions: z
    .exactOptional(z.array(region).min(1))
    .describe('Only where people of these regions look; a surface of which the configuration names no region may be seen anywhere.'),
  audiences: z
    .exactOptional(z.array(z.enum(AUDIENCES)).min(1))
    .describe('Only for these audiences; a surface of which the configuration names no audience is for all.'),
  position: z.exactOptional(z.enum(['bottom-right', 'bottom-left', 'top-right', 'top-left'])).describe('Bottom right when left out.'),
  size: z.exactOptional(z.number().min(0.02).max(0.2)).describe('Height as a share of the shorter side; 0.05 when left out.'),
  language: z.exactOptional(z.string().regex(/^[a-z]{2}$/)).describe("ISO 639 code; the caller's own language when left out."),
});

const disclosureSchema = z.strictObject({
  latent: z.boolean().describe('Every picture says in machine-readable form that it was generated.'),
  visible: z
    .enum(['always', 'offered', 'never'])
    .describe('Whether it carries a visible label: always, when the caller asks for it, or never.'),
});

export const obligationsSchema = z.strictObject({
  credential: z.boolean().default(true).describe('Every picture leaves with a signed content credential.'),
  unsignedException: z
    .exactOptional(z.strictObject({ reason: prose, until: z.iso.date().describe('The last day on which it holds, UTC.') }))
    .describe('Needed for "credential: false". After its last day signing is required again.'),
  label: z
    .union([z.boolean(), labelSchema])
    .default(false)
    .describe('Every picture carries a visible label; or only where, and in the form, that is said here.'),
  watermark: z
    .enum(WATERMARK_WISHES)
    .default('preferred')
    .describe(
      'Every picture carries an invisible mark. "required": one that cannot bear it is held for a person; "preferred": it leaves without.',
    ),
  disclosures: z
    .exactOptional(z.record(region, disclosureSchema))
    .describe('By region, the two disclosures that a law asks for. In EU and US-CA neither may be without the other.'),
});

/** A policy. `policies/policy.schema.json` is generated from this. */
export const policySchema = z
  .strictObject({
    imprimatur: z.literal('policy/v1'),
    name: slug,
    version: semver,
    description: prose,
    checks: z.array(checkEntrySchema).min(1).describe('Every check that this policy relies on.'),
    shadow: z
      .exactOptional(z.array(shadowEntrySchema).min(1))
      .describe('Checks that look and decide nothing: what they say is stored beside the findings and compared with them.'),
    rules: z.array(ruleSchema).default([]).describe('Rules over several facts. The strongest action of all rules and thresholds wins.'),
    thresholds: z
      .partialRecord(z.enum(CATEGORIES), thresholdLineSchema)
      .default({})
      .describe('By category, the scores from which something happens. A category left out is held from 0.5; {} says "nothing".'),
    parameters: z
      .record(parameterName, parameterLimitSchema)
      .default({})
      .describe("Limits for request parameters that weaken a model's own safety."),
    parametersByTier: z
      .exactOptional(z.partialRecord(z.enum(TIERS), z.record(parameterName, soundLimitSchema)))
      .describe('The same, besides, for end users of a tier and of every lower one. Of whom nobody said anything is of the lowest.'),
    obligations: obligationsSchema.default({ credential: true, label: false, watermark: 'preferred' }),
    uploads: uploadsSchema.prefault({}).describe('What happens with files that a platform is asked to publish. A line left out is "hold".'),
    heldUploads: z
      .exactOptional(z.enum(['hash', 'sealed']))
      .describe(
        'What is kept of such a file while a person decides: its hash, or the file too, sealed, until it is released. "hash" when left out.',
      ),
    recovery: z
      .exactOptional(
        z.strictObject({
          takenDown: z
            .enum(['withhold', 'answer'])
            .describe(
              '"answer": who has a copy of a picture that was taken down still gets its credential. The picture itself is never given.',
            ),
        }),
      )
      .describe('What strangers are told who ask for the credential of a picture. Left out: nothing about one that was taken down.'),
    deadlines: deadlinesSchema.prefault({}).describe('How long what is held may wait for a person, and what happens then.'),
    strikes: z
      .exactOptional(z.array(strikeRuleSchema).min(1).max(10))
      .describe('What strikes against an end user lead to by themselves. Left out: nothing; they are on record for who decides next.'),
    killSwitches: z
      .exactOptional(
        z.strictObject({
          liftedBy: z.enum(['one', 'two']).describe('"two": who lifts a kill switch only asks, and a second person lifts it.'),
        }),
      )
      .describe('How a kill switch is lifted. Left out: by one person. Anybody who may throw one does so alone.'),
    appeal: z
      .strictObject({ url: z.exactOptional(z.url({ protocol: /^https?$/ })), contact: z.exactOptional(prose) })
      .describe('Where a person can object to a decision: a web address, or words that say whom to write to.'),
  })
  .meta({ title: 'Imprimatur policy', description: 'What is allowed, labelled, held for a person, or blocked.' });

export type PolicyDocument = z.output<typeof policySchema>;
export type CheckEntry = z.output<typeof checkEntrySchema>;
export type ShadowEntry = z.output<typeof shadowEntrySchema>;
export type Rule = z.output<typeof ruleSchema>;
export type ThresholdLine = z.output<typeof thresholdLineSchema>;
export type ObligationsEntry = z.output<typeof obligationsSchema>;

/** JSON Schema (draft 2020-12) of a policy as a person writes it: what has a default may be left out. */
export function policyJsonSchema() {
  return z.toJSONSchema(policySchema, { io: 'input' });
}
