import { z } from 'zod';
import { plainName, secret } from './fields.ts';

const address = z.string().regex(/^[^\s@,;<>"]{1,64}@[^\s@,;<>"]{1,189}$/, 'one e-mail address');

const webhook = z.strictObject({
  name: plainName,
  url: z.url({ protocol: /^https?$/ }),
  application: z.string().min(1).max(200).exactOptional(),
  events: z.array(z.string()).min(1).exactOptional(),
  secret,
});

/** When people have to act, and whom the gateway tells what happens. All only in the file. */
export const announcementSettings = {
  clocks: z
    .strictObject({
      markets: z
        .array(z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'a region such as EU, DE, US or US-CA'))
        .min(1)
        .exactOptional(),
    })
    .prefault({})
    .describe(
      'Which deadlines of laws start: with `markets` (ISO 3166 or EU) a notice of unknown origin starts only those of regions where you offer the service. See docs/clocks.md.',
    ),
  webhooks: z
    .array(webhook)
    .default([])
    .describe(
      'Endpoints that hear of events: `name`, `url`, `secret` (`whsec_…`), and `application` and `events` to hear of less. Others are added by API. See docs/webhooks.md.',
    ),
  smtp: z
    .strictObject({ url: secret, from: address })
    .optional()
    .describe('The mail server: `url` (`smtps://user:password@host:465`, a secret) and `from`. Absent: no mail is sent.'),
  alerts: z
    .strictObject({ email: z.array(address).default([]), childSafetyEmail: z.array(address).default([]) })
    .prefault({})
    .describe(
      'Who gets alerts by mail: `email`, and `childSafetyEmail` for what concerns suspected child abuse material, which goes to nobody else.',
    ),
};
