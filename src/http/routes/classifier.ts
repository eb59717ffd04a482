import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { ModelFileRejected } from '../../prompts/classifier/model-file.ts';
import { championToBeat, type Learning } from '../../prompts/learning/learning.ts';
import { type LoadedModel, loadModel } from '../../prompts/learning/loaded-model.ts';
import { promoteModel, rollBackModel } from '../../prompts/learning/model-reigns.ts';
import { compareModels } from '../../prompts/learning/model-report.ts';
import { findModel, listModels, modelFile, recordReport, registerModel, type StoredModel } from '../../prompts/learning/model-store.ts';
import { listShadow } from '../../prompts/learning/shadow-counts.ts';
import { parseSuite, suiteName } from '../../prompts/learning/suite.ts';
import { type Authenticate, operatorOf, operatorsOnly } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { labelRoutes, proposalRoutes } from './prompt-labels.ts';

const tag = 'Learning';
const byId = z.object({ id: z.string() });
const newModel = z.strictObject({ model: z.base64().max(6_000_000).describe('A model file, base64; at most 4 MB.') });
const suites = z.strictObject({
  suites: z
    .array(z.strictObject({ name: suiteName, rows: z.string().describe('JSON lines.') }))
    .min(1)
    .max(64),
});
const promotion = z.strictObject({ most_false_positives: z.number().min(0).max(1).default(1) });

/** What reviewers teach the prompt checks: labels, proposed words, and models that take over or do not. */
export function classifierRoutes({ learning }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', operatorsOnly(authenticate));
    await app.register(labelRoutes(learning));
    await app.register(proposalRoutes(learning));
    await app.register(modelRoutes(learning));
    await app.register(reignRoutes(learning));
  };
}

function modelRoutes(learning: Learning): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/prompt-models',
      tag,
      summary: 'The model in force, all models that were handed in, and what the challenger said in shadow',
      handler: async () => {
        const { sha256 } = await championToBeat(learning);
        const { version, categories } = learning.slot;
        return {
          object: 'list',
          in_force: { sha256, version, is_shipped: sha256 === learning.shipped, categories },
          data: (await listModels(learning.db)).map(showModel),
          shadow: (await listShadow(learning.db)).map(({ modelId, champion, category, outcomes }) => ({
            model: modelId,
            champion,
            category,
            ...outcomes,
          })),
        };
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/prompt-models',
      tag,
      summary: 'Hand in a model; it becomes the challenger and scores in shadow',
      body: newModel,
      handler: async ({ body }, request, reply) => {
        const file = Buffer.from(body.model, 'base64');
        const stored = await registerModel(loadedOrRefused(file, learning), file, operatorOf(request), learning);
        await learning.slot.refresh();
        return reply.code(201).send(showModel(stored));
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/prompt-models/:id/evaluations',
      tag,
      summary: 'Compare a model with the one in force on frozen suites; rows are not kept',
      params: byId,
      body: suites,
      handler: async ({ params: { id }, body }, request) => {
        const model = await findModel(learning.db, id);
        const { classifier } = loadedOrRefused((await modelFile(learning.db, model.id)).bytes, learning);
        const parsed = body.suites.map(({ name, rows }) => parseSuite(name, rows));
        const champion = await championToBeat(learning);
        const { flagFrom, policy } = learning;
        const report = await compareModels({ champion, challenger: classifier, suites: parsed, flagFrom, policy, at: new Date() });
        await recordReport(model.id, report, operatorOf(request), learning);
        return report;
      },
    });
  };
}

function loadedOrRefused(file: Uint8Array, { slot }: Learning): LoadedModel {
  try {
    return loadModel(file, slot.categories);
  } catch (cause) {
    if (!(cause instanceof ModelFileRejected)) throw cause;
    throw new ImprimaturError('REQUEST_INVALID', { hint: `This model cannot be used: ${cause.message}.`, param: 'model', cause });
  }
}

function reignRoutes(learning: Learning): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'POST',
      url: '/v1/prompt-models/:id/promote',
      tag,
      summary: 'Make a model the one in force, unless anything speaks against it',
      params: byId,
      body: promotion,
      handler: async ({ params: { id }, body: { most_false_positives: mostFalsePositives } }, request) => {
        const { shipped, policy } = learning;
        const outcome = await promoteModel(id, { shipped, policy, mostFalsePositives }, operatorOf(request), learning);
        await learning.slot.refresh();
        return outcome;
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/prompt-models/rollback',
      tag,
      summary: 'Back to the model before this one',
      handler: async (_input, request) => {
        const sha256 = await rollBackModel(learning.shipped, operatorOf(request), learning);
        await learning.slot.refresh();
        return { object: 'rollback', in_force: { sha256, version: learning.slot.version, is_shipped: sha256 === learning.shipped } };
      },
    });
  };
}

function showModel({ id, sha256, version, state, report, registeredAt, registeredBy }: StoredModel) {
  return {
    object: 'prompt_model',
    id,
    sha256,
    version,
    state,
    report,
    registered_at: registeredAt.toISOString(),
    registered_by: registeredBy,
  };
}
