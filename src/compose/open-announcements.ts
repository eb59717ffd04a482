import { createAlerts, type RaiseAlert } from '../announcements/alerts.ts';
import { createEndpointStore, type EndpointStore } from '../announcements/endpoint-store.ts';
import { keepConfigured } from '../announcements/keep-configured.ts';
import { createMailQueue, type MailQueue } from '../announcements/mail-queue.ts';
import type { Config } from '../config/load-config.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { Journal } from '../ledger/journal.ts';
import { createMailer, type Mailer } from '../outbound/mail.ts';
import type { Database } from '../storage/database.ts';
import type { Closers } from './closers.ts';

/** How others are told. */
export interface Announcements {
  readonly endpoints: EndpointStore;
  readonly raiseAlert: RaiseAlert;
  /** Null: no mail server is configured. */
  readonly mail: MailQueue | null;
  readonly mailer: Mailer | null;
}

interface AnnouncementParts {
  readonly db: Database;
  readonly journal: Journal;
  readonly evidence: EvidenceStore;
  readonly closers: Closers;
}

/** Webhook endpoints, mail if there is a server, and alerts. @throws ImprimaturError CONFIG_INVALID */
export async function openAnnouncements({ values }: Config, { closers, ...parts }: AnnouncementParts): Promise<Announcements> {
  const { smtp, alerts, webhooks } = values;
  await keepConfigured(webhooks, parts);
  const mailer = smtp === undefined ? null : createMailer({ url: smtp.url.reveal(), from: smtp.from });
  if (mailer !== null) closers.add(async () => mailer.close());
  const mail = mailer === null ? null : createMailQueue(parts.evidence);
  const raiseAlert = createAlerts({ mail, to: { operations: alerts.email, child_safety: alerts.childSafetyEmail } });
  return { endpoints: createEndpointStore(parts), raiseAlert, mail, mailer };
}
