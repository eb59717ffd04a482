import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods, onRequestHookHandler } from 'fastify';
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

/** Bytes that are sent as they are. */
export const sentBytes = z.unknown().meta({ type: 'string', format: 'binary' });

/** Of an answer that holds nothing, 204. */
export const sentNothing = z.unknown().meta({ type: 'null' });

/** How a route that makes pictures can answer: with the pictures, with a stream of them, or with a job (`Prefer: respond-async`). */
export type PictureAnswer = 'at once' | 'stream' | 'job';

/** Success. 204 holds nothing, whatever the others do. */
type Success = 200 | 201 | 202 | 204;

declare module 'fastify' {
  interface FastifyContextConfig {
    consumes?: Consumed;
    makesPictures?: readonly PictureAnswer[];
  }
}

/** What may stand for a value that is only read. */
type Given<Value> = Value extends readonly (infer Item)[]
  ? readonly Given<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Given<Value[Key]> }
    : Value;

export interface RouteSpec<Body extends z.ZodType, Params extends z.ZodType, Query extends z.ZodType, Answer extends z.ZodType> {
  readonly method: HTTPMethods;
  readonly url: string;
  readonly tag: string;
  readonly summary: string;
  readonly body?: Body;
  /** Only documented: the handler reads a form, or JSON or a form, itself. */
  readonly consumes?: Consumed;
  readonly params?: Params;
  readonly query?: Query;
  /** What a success holds. What the handler gives is checked against it by the compiler; what it has beyond that is not sent. */
  readonly answer?: Answer;
  /** Of a success, where it is another than 200, or may be one of several. */
  readonly status?: Success | readonly Success[];
  /** Media types of an answer that is not JSON. */
  readonly produces?: readonly string[];
  /** A way to a model: stands in the documentation's table of surfaces, where the contract test finds it. */
  readonly makesPictures?: readonly PictureAnswer[];
  /** Needs no key. */
  readonly isPublic?: boolean;
  /** Who may: `permitted(authenticate, 'cases.read')`. Left out where a hook of the whole plugin says it. */
  readonly onRequest?: onRequestHookHandler | onRequestHookHandler[];
  readonly handler: (
    input: { readonly body: z.output<Body>; readonly params: z.output<Params>; readonly query: z.output<Query> },
    request: FastifyRequest,
    reply: Sending<Answer>,
  ) => Replied<Answer> | Promise<Replied<Answer>>;
}

type Sending<Answer extends z.ZodType> = FastifyReply<{ Reply: Given<z.input<Answer>> | undefined }>;
type Replied<Answer extends z.ZodType> = Given<z.input<Answer>> | Sending<Answer>;

/** One schema validates, types and documents; errors have one shape everywhere. */
export function route<
  Body extends z.ZodType = z.ZodUnknown,
  Params extends z.ZodType = z.ZodUnknown,
  Query extends z.ZodType = z.ZodUnknown,
  Answer extends z.ZodType = z.ZodUnknown,
>(app: FastifyInstance, spec: RouteSpec<Body, Params, Query, Answer>): void {
  const {
    method,
    url,
    tag,
    summary,
    body,
    consumes,
    makesPictures,
    params,
    query,
    answer,
    status = 200,
    produces,
    isPublic = false,
    onRequest,
    handler,
  } = spec;
  app.route({
    method,
    url,
    config: { ...(consumes === undefined ? {} : { consumes }), ...(makesPictures === undefined ? {} : { makesPictures }) },
    ...(onRequest === undefined ? {} : { onRequest }),
    schema: {
      tags: [tag],
      summary,
      ...(isPublic ? { security: [] } : {}),
      ...(body === undefined ? {} : { body }),
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { querystring: query }),
      ...(produces === undefined ? {} : { produces: [...produces] }),
      response: { ...(answer === undefined ? {} : answersBy([status].flat(), answer)), '4xx': errorAnswer, '5xx': errorAnswer },
    },
    handler: (request, reply) => {
      // biome-ignore lint/plugin: the framework has validated each part with the very schema that types it here.
      const input = { body: request.body, params: request.params, query: request.query } as Parameters<typeof handler>[0];
      return handler(input, request, reply);
    },
  });
}

function answersBy(statuses: readonly Success[], answer: z.ZodType): Record<string, z.ZodType> {
  return Object.fromEntries(statuses.map((status) => [status, status === 204 ? sentNothing : answer]));
}
