import type { FastifyInstance } from 'fastify';
import type { Authenticate } from './authenticate.ts';
import { docsPage } from './docs-page.ts';
import type { HttpParts } from './parts.ts';
import { createRecentStaff } from './recent-staff.ts';
import { accessRoutes } from './routes/access.ts';
import { artifactsRoutes } from './routes/artifacts.ts';
import { behaviorRoutes } from './routes/behavior.ts';
import { casesRoutes } from './routes/cases.ts';
import { chatsRoutes } from './routes/chats.ts';
import { classifierRoutes } from './routes/classifier.ts';
import { clocksRoutes } from './routes/clocks.ts';
import { consoleRoutes } from './routes/console.ts';
import { controlsRoutes } from './routes/controls.ts';
import { coverageRoutes } from './routes/coverage.ts';
import { credentialsRoutes } from './routes/credentials.ts';
import { explanationsRoutes } from './routes/explanations.ts';
import { fsckRoutes } from './routes/fsck.ts';
import { generationsRoutes } from './routes/generations.ts';
import { imagesRoutes } from './routes/images.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { modelsRoutes } from './routes/models.ts';
import { moderationsRoutes } from './routes/moderations.ts';
import { operationsRoutes } from './routes/operations.ts';
import { policiesRoutes } from './routes/policies.ts';
import { provenanceRoutes } from './routes/provenance.ts';
import { reviewQualityRoutes } from './routes/quality-work.ts';
import { registersRoutes } from './routes/registers.ts';
import { softBindingRoutes } from './routes/soft-binding.ts';
import { standingRoutes } from './routes/standing.ts';
import { statementsRoutes } from './routes/statements.ts';
import { statusRoutes } from './routes/status.ts';
import { surfacesRoutes } from './routes/surfaces.ts';
import { takedownsRoutes } from './routes/takedowns.ts';
import { uploadChecksRoutes } from './routes/upload-checks.ts';
import { usageRoutes } from './routes/usage.ts';
import { verifyPageRoutes } from './routes/verify-page.ts';
import { voicesRoutes } from './routes/voices.ts';
import { webhookDeliveriesRoutes } from './routes/webhook-deliveries.ts';
import { webhooksRoutes } from './routes/webhooks.ts';
import { createStrangers } from './strangers.ts';

/** Every way in. Groups that belong together register their own: `routes/access.ts`, `routes/registers.ts`. */
export async function registerRoutes(app: FastifyInstance, parts: HttpParts, door: Authenticate): Promise<void> {
  const recent = createRecentStaff(door);
  const { authenticate } = recent;
  const strangers = createStrangers(parts.config.values.workers);
  await app.register(imagesRoutes(parts, authenticate));
  await app.register(chatsRoutes(parts, authenticate));
  await app.register(generationsRoutes(parts, authenticate));
  await app.register(moderationsRoutes(parts, authenticate));
  await app.register(modelsRoutes(parts, authenticate));
  await app.register(provenanceRoutes(parts, authenticate, strangers));
  await app.register(verifyPageRoutes(parts));
  await app.register(uploadChecksRoutes(parts, authenticate));
  await app.register(takedownsRoutes(parts, authenticate));
  await app.register(registersRoutes(parts, authenticate));
  await app.register(controlsRoutes(parts, recent));
  await app.register(casesRoutes(parts, authenticate));
  await app.register(statementsRoutes(parts, authenticate));
  await app.register(voicesRoutes(parts, authenticate, strangers));
  for (const routes of [reviewQualityRoutes, operationsRoutes, behaviorRoutes]) await app.register(routes(parts, authenticate));
  for (const routes of [
    explanationsRoutes,
    coverageRoutes,
    policiesRoutes,
    clocksRoutes,
    webhooksRoutes,
    webhookDeliveriesRoutes,
    standingRoutes,
    surfacesRoutes,
    usageRoutes,
  ])
    await app.register(routes(parts, authenticate));
  await app.register(classifierRoutes(parts, authenticate));
  await app.register(accessRoutes(parts, authenticate));
  await app.register(fsckRoutes(parts, authenticate));
  await app.register(softBindingRoutes(parts, strangers));
  await app.register(credentialsRoutes(parts, strangers));
  await app.register(artifactsRoutes(parts));
  await app.register(ledgerRoutes(parts));
  await app.register(statusRoutes(parts));
  await app.register(consoleRoutes(parts.consoleFolders));
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  app.get('/docs', { schema: { hide: true } }, (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .send(docsPage(app.swagger())),
  );
}
