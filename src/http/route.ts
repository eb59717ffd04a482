import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { z } from 'zod';
import { ERROR_CODES } from '../contracts/errors.ts';

const errorAnswer = z
  .object({
    error: z.looseObject({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.enum(ERROR_CODES.map((code) => code.toLowerCase())).describe('See docs/errors.md.'),
      moderation_details: z.object({ moderation_stage: z.string(), categories: z.array(z.string()) }).optional(),
      imprimatur: z.looseObject({ request_id: z.string(), retry: z.enum(['no', 'rephrase', 'after_review', 'later']) }).optional(),
    }),
  })
  .meta({ id: 'Error' });

/** A body that the handler reads itself. */
export interface Consumed {
  readonly body: z.ZodType;
  readonly types: readonly ('multipart/form-data' | 'application/json' | 'application/octet-stream')[];
}

/** A file field of a form, for the documentation. */
export const fileField = z.string().meta({ format: 'binary' });

declare module 'fastify' {
  interface FastifyContextConfig {
    consumes?: Consumed;
  }
}

export interface RouteSpec<Body extends z.ZodType, Params extends z.ZodType, Query extends z.ZodType> {
  readonly method: HTTPMethods;
  readonly url: string;
  readonly tag: string;
  readonly summary: string;
  readonly body?: Body;
  /** Only documented: the handler reads a form, or JSON or a form, itself. */
  readonly consumes?: Consumed;
  readonly params?: Params;
  readonly query?: Query;
  /** What a 200 holds, for the documentation. */
  readonly answer?: z.ZodType;
  /** Needs no key. */
  readonly isPublic?: boolean;
  readonly handler: (
    input: { readonly body: z.output<Body>; readonly params: z.output<Params>; readonly query: z.output<Query> },
    request: FastifyRequest,
    reply: FastifyReply,
  ) => unknown;
}

/** One schema validates, types and documents; errors have one shape everywhere. */
export function route<
  Body extends z.ZodType = z.ZodUnknown,
  Params extends z.ZodType = z.ZodUnknown,
  Query extends z.ZodType = z.ZodUnknown,
>(app: FastifyInstance, spec: RouteSpec<Body, Params, Query>): void {
  const { method, url, tag, summary, body, consumes, params, query, answer, isPublic = false, handler } = spec;
  app.route({
    method,
    url,
    ...(consumes === undefined ? {} : { config: { consumes } }),
    schema: {
      tags: [tag],
      summary,
      ...(isPublic ? { security: [] } : {}),
      ...(body === undefined ? {} : { body }),
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { querystring: query }),
      response: { ...(answer === undefined ? {} : { 200: answer }), '4xx': errorAnswer, '5xx': errorAnswer },
    },
    handler: (request, reply) => {
      // biome-ignore lint/plugin: the framework has validated each part with the very schema that types it here.
      const input = { body: request.body, params: request.params, query: request.query } as Parameters<typeof handler>[0];
      return handler(input, request, reply);
    },
  });
}
