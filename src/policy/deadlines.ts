import { z } from 'zod';
import { durationText } from '../review/clocks/duration.ts';

/** What the policy says about time. A deadline that a law sets cannot be changed here. */
export const deadlinesSchema = z.strictObject({
  review: durationText
    .default('PT4H')
    .describe(
      'Target for the decision of a person about what is held, such as PT4H. When it passes people are told, and nothing else happens.',
    ),
  held: z
    .strictObject({
      after: durationText.default('P3D').describe('How long something may be held, such as P3D.'),
      outcome: z.enum(['block', 'keep']).default('block').describe('What happens with it then: it is refused, or held on.'),
    })
    .prefault({})
    .describe('The end of a hold that nobody decided.'),
  reported: z
    .enum(['hide', 'remove', 'keep'])
    .default('hide')
    .describe(
      'What happens with a reported picture when the time that a law gives for its removal passes undecided: it is hidden until somebody decides, taken down for good, or nothing.',
    ),
});

export type Deadlines = z.output<typeof deadlinesSchema>;

export const SHIPPED_DEADLINES: Deadlines = deadlinesSchema.parse({});
