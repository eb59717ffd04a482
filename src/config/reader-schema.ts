import { z } from 'zod';
import { AUDIENCES } from '../contracts/audience.ts';
import { DATA_MINING } from '../contracts/data-mining.ts';
import { plainName } from './fields.ts';

/** What pictures say about themselves in XMP. */
export const metadata = z.strictObject({
  provider: z.string().min(1).max(200).exactOptional(),
  credit: z.string().min(1).max(200).default('AI-generated'),
  dataMining: z.enum(DATA_MINING).default('DMI-PROHIBITED'),
  aigc: z.strictObject({ surfaces: z.array(plainName).min(1), contentProducer: z.string().min(1).max(200) }).exactOptional(),
});

/** Who looks at the pictures of a surface. */
export const readership = z.strictObject({
  regions: z
    .array(z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'a region such as EU, DE, CN or US-CA'))
    .min(1)
    .exactOptional(),
  audience: z.enum(AUDIENCES).exactOptional(),
});
