import { createServer as createHttpServer } from 'node:http';
import multipart from '@fastify/multipart';
import swagger from '@fastify/swagger';
import fastify, { type FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { ImprimaturError } from '../contracts/errors.ts';
import { newId } from '../contracts/ids.ts';
import { failureAnswer } from '../reply/error-answer.ts';
import type { Authenticate } from './authenticate.ts';
import { docsPage } from './docs-page.ts';
import { createErrorHandler } from './error-handler.ts';
import type { HttpParts } from './parts.ts';
import { artifactsRoutes } from './routes/artifacts.ts';
import { casesRoutes } from './routes/cases.ts';
import { classifierRoutes } from './routes/classifier.ts';
import { coverageRoutes } from './routes/coverage.ts';
import { credentialsRoutes } from './routes/credentials.ts';
import { explanationsRoutes } from './routes/explanations.ts';
import { fsckRoutes } from './routes/fsck.ts';
import { generationsRoutes } from './routes/generations.ts';
import { imagesRoutes } from './routes/images.ts';
import { keysRoutes } from './routes/keys.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { modelsRoutes } from './routes/models.ts';
import { moderationsRoutes } from './routes/moderations.ts';
import { provenanceRoutes } from './routes/provenance.ts';
import { registersRoutes } from './routes/registers.ts';
import { softBindingRoutes } from './routes/soft-binding.ts';
import { statusRoutes } from './routes/status.ts';
import { takedownsRoutes } from './routes/takedowns.ts';
import { uploadChecksRoutes } from './routes/upload-checks.ts';
import { verifyPageRoutes } from './routes/verify-page.ts';
import { createStrangers } from './strangers.ts';

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
  app.setErrorHandler(createErrorHandler(parts.telemetry));
  app.setNotFoundHandler(() => {
    throw new ImprimaturError('NOT_FOUND');
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    parts.telemetry.requestAnswered(request.routeOptions.url ?? 'unknown', reply.statusCode, reply.elapsedTime / 1000);
  });

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
  const strangers = createStrangers(parts.config.values.workers);
  await app.register(imagesRoutes(parts, authenticate));
  await app.register(generationsRoutes(parts, authenticate));
  await app.register(moderationsRoutes(parts, authenticate));
  await app.register(modelsRoutes(parts, authenticate));
  await app.register(provenanceRoutes(parts, authenticate, strangers));
  await app.register(verifyPageRoutes(parts));
  await app.register(uploadChecksRoutes(parts, authenticate));
  await app.register(takedownsRoutes(parts, authenticate));
  await app.register(registersRoutes(parts, authenticate));
  await app.register(casesRoutes(parts, authenticate));
  for (const routes of [explanationsRoutes, coverageRoutes]) await app.register(routes(parts, authenticate));
  await app.register(classifierRoutes(parts, authenticate));
  await app.register(keysRoutes(parts, authenticate));
  await app.register(fsckRoutes(parts, authenticate));
  await app.register(softBindingRoutes(parts, strangers));
  await app.register(credentialsRoutes(parts, strangers));
  await app.register(artifactsRoutes(parts));
  await app.register(ledgerRoutes(parts));
  await app.register(statusRoutes(parts));
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  app.get('/docs', { schema: { hide: true } }, (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .send(docsPage(app.swagger())),
  );
  return app;
}

/** The OpenAPI form of a route; a body that the handler reads itself is documented though the framework does not validate it. */
const documented: typeof jsonSchemaTransform = (input) => {
  const consumes = input.route?.config?.consumes;
  if (consumes === undefined) return jsonSchemaTransform(input);
  return jsonSchemaTransform({ ...input, schema: { ...input.schema, body: consumes.body, consumes: [...consumes.types] } });
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
