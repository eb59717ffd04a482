import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { ModelFileRejected } from '../../prompts/classifier/model-file.ts';
import { championToBeat, type Learning } from '../../prompts/learning/learning.ts';
import { type LoadedModel, loadModel } from '../../prompts/learning/loaded-model.ts';
import { promoteModel, rollBackModel } from '../../prompts/learning/model-reigns.ts';
import { compareModels, modelReportSchema } from '../../prompts/learning/model-report.ts';
import { findModel, listModels, modelFile, recordReport, registerModel, type StoredModel } from '../../prompts/learning/model-store.ts';
import { listShadow } from '../../prompts/learning/shadow-counts.ts';
import { parseSuite, suiteName } from '../../prompts/learning/suite.ts';
import { type Authenticate, operatorOf, permitted } from '../authenticate.ts';
import { listOf, timeAnswer } from '../lists.ts';
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

const model = z
  .object({
    object: z.literal('prompt_model'),
    id: z.string(),
    sha256: z.string(),
    version: z.string(),
    state: z.enum(['champion', 'challenger', 'retired']),
    report: modelReportSchema.nullable(),
    registered_at: timeAnswer,
    registered_by: z.string(),
  })
  .meta({ id: 'PromptModel' });
const inForce = z.object({ sha256: z.string(), version: z.string(), is_shipped: z.boolean() });
const models = listOf(model).extend({
  in_force: inForce.extend({ categories: z.array(z.string()) }),
  shadow: z.array(
    z.object({
      model: z.string(),
      champion: z.string(),
      category: z.string(),
      neither: z.number(),
      both_flag: z.number(),
      champion_only: z.number(),
      challenger_only: z.number(),
    }),
  ),
});
const promoted = z.object({ promoted: z.boolean(), objections: z.array(z.string()).optional() });

/** What reviewers teach the prompt checks: labels, proposed words, and models that take over or do not. */
export function classifierRoutes({ learning }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', permitted(authenticate, 'classifier.write'));
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
      answer: models,
      handler: async () => {
        const { sha256 } = await championToBeat(learning);
        const { version, categories } = learning.slot;
        return {
          object: 'list' as const,
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
      answer: model,
      status: 201,
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
      answer: modelReportSchema,
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
      answer: promoted,
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
      answer: z.object({ object: z.literal('rollback'), in_force: inForce }),
      handler: async (_input, request) => {
        const sha256 = await rollBackModel(learning.shipped, operatorOf(request), learning);
        await learning.slot.refresh();
        return {
          object: 'rollback' as const,
          in_force: { sha256, version: learning.slot.version, is_shipped: sha256 === learning.shipped },
        };
      },
    });
  };
}

function showModel({ id, sha256, version, state, report, registeredAt, registeredBy }: StoredModel) {
  return {
    object: 'prompt_model' as const,
    id,
    sha256,
    version,
    state,
    report,
    registered_at: registeredAt.toISOString(),
    registered_by: registeredBy,
  };
}
