import { createServer as createHttpServer } from 'node:http';
import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import swagger from '@fastify/swagger';
import fastify, { type FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { ImprimaturError } from '../contracts/errors.ts';
import { newId } from '../contracts/ids.ts';
import { failureAnswer } from '../reply/error-answer.ts';
import type { Authenticate } from './authenticate.ts';
import { createErrorHandler } from './error-handler.ts';
import type { HttpParts } from './parts.ts';
import { registerRoutes } from './register-routes.ts';

/** The gateway as an HTTP server, not yet listening. `authenticate` says how this door knows whom it lets in. */
export async function createServer(parts: HttpParts, authenticate: Authenticate): Promise<FastifyInstance> {
  const { maxBodyBytes, requestTimeoutMs, trustedProxies } = parts.config.values;
  const app = fastify({
    logger: false,
    bodyLimit: maxBodyBytes,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    genReqId: () => newId('req'),
    forceCloseConnections: 'idle',
    serverFactory: (handler) => {
      const server = createHttpServer(
        { requestTimeout: requestTimeoutMs, headersTimeout: Math.min(requestTimeoutMs, 20_000), connectionsCheckingInterval: 1000 },
        handler,
      );
      server.on('clientError', answerBrokenRequest);
      return server;
    },
  });
  app.decorateRequest('principal', null);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(createErrorHandler(parts));
  app.setNotFoundHandler(() => {
    throw new ImprimaturError('NOT_FOUND');
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff' });
  });
  // What staff are told is theirs alone; a proxy or a browser's history must not keep it.
  app.addHook('onSend', async ({ principal }, reply) => {
    if (principal?.kind === 'staff' && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  app.addHook('onResponse', async (request, reply) => {
    parts.telemetry.requestAnswered(request.routeOptions.url ?? 'unknown', reply.statusCode, reply.elapsedTime / 1000);
  });

  await app.register(cookie);
  await app.register(multipart);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Imprimatur', version: '0.1.0', description: 'The safety gateway for generative images.' },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
    transform: documented,
    transformObject: jsonSchemaTransformObject,
  });
  await registerRoutes(app, parts, authenticate);
  return app;
}

/**
 * The OpenAPI form of a route; a body that the handler reads itself is documented though the framework does not validate it. `x-makes-pictures` says
 * how a way to a model answers.
 */
const documented: typeof jsonSchemaTransform = (input) => {
  const { consumes, makesPictures } = input.route?.config ?? {};
  const read =
    consumes === undefined ? input : { ...input, schema: { ...input.schema, body: consumes.body, consumes: [...consumes.types] } };
  const { schema, url } = jsonSchemaTransform(read);
  return { schema: makesPictures === undefined ? schema : { ...schema, 'x-makes-pictures': makesPictures }, url };
};

/** What Node itself could not parse, or what came too slowly, gets the same kind of answer as everything else. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: import('node:stream').Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const failure = new ImprimaturError(error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'REQUEST_TIMED_OUT' : 'REQUEST_MALFORMED');
  const { status, headers, body } = failureAnswer(failure, { requestId: newId('req') });
  const text = JSON.stringify(body);
  const lines = Object.entries({
    ...headers,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  });
  socket.end(`HTTP/1.1 ${status} Error\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${text}`);
}
