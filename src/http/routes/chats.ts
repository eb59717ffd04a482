import type { FastifyPluginAsync } from 'fastify';
import { chatBody, readChat } from '../../ingest/chat-request.ts';
import { readResponses, responsesBody } from '../../ingest/responses-request.ts';
import { chatDialect } from '../../reply/chat-dialect.ts';
import { responsesDialect } from '../../reply/responses-dialect.ts';
import { answerGeneration } from '../answer-generation.ts';
import { type Authenticate, callerOf, callersOnly } from '../authenticate.ts';
import { ownPicture } from '../own-picture.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { submissionFrom } from '../submission-from.ts';

const tag = 'Images';

/** Pictures by way of a conversation: the Responses API's image tool, and chat completions. They end in `conduct` like every other way. */
export function chatsRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { maxUploadBytes } = parts.config.values;
  const { configured, aliases } = parts.ingest.modelNames;
  return async (app) => {
    app.addHook('onRequest', callersOnly(authenticate, 'images.generate', 'images.edit'));

    route(app, {
      method: 'POST',
      url: '/v1/responses',
      tag,
      makesPictures: ['at once', 'stream', 'job'],
      summary: 'Make or edit pictures with the image_generation tool of the Responses API',
      body: responsesBody,
      handler: async ({ body }, request, reply) => {
        const { keyId } = callerOf(request);
        const read = await readResponses(body, {
          maxUploadBytes,
          isImageModel: (name) => configured.includes(name) || Object.hasOwn(aliases, name),
          earlierPicture: (suffix) => ownPicture(`gen_${suffix}`, keyId, parts),
        });
        const submission = submissionFrom(request, read, parts.ingest);
        const asked = {
          model: body.model ?? submission.request.model,
          instructions: body.instructions ?? null,
          metadata: body.metadata ?? {},
          tools: body.tools,
          toolChoice: body.tool_choice ?? 'auto',
          previousResponse: body.previous_response_id ?? null,
        };
        return answerGeneration(submission, request, reply, parts, (id) => responsesDialect(submission, asked, id));
      },
    });

    route(app, {
      method: 'POST',
      url: '/v1/chat/completions',
      tag,
      makesPictures: ['at once', 'stream', 'job'],
      summary: 'Make or edit pictures by a chat: the answer has them in message.images',
      body: chatBody,
      handler: async ({ body }, request, reply) => {
        const submission = submissionFrom(request, readChat(body, maxUploadBytes), parts.ingest);
        return answerGeneration(submission, request, reply, parts, (id) => chatDialect(submission, id));
      },
    });
  };
}
