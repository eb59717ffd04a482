import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Me } from '../src/api/answers.ts';
import * as boards from './boards.ts';
import { SIGNALS } from './cases.ts';
import { managedLists, managedThings } from './managed.ts';
import { MockStore } from './mock-store.ts';
import { derivative, picture } from './pictures.ts';

export interface MockOptions {
  readonly leaseMs?: number;
  readonly permissions?: readonly string[];
  /** Paths that this pretend gateway does not have. */
  readonly missing?: readonly string[];
}

type Body = Record<string, unknown>;

export interface MockApi {
  (request: IncomingMessage, response: ServerResponse, next: () => void): void;
  readonly store: MockStore;
  /** Tests end a session, cut the line or slow it down. */
  readonly state: { isSignedIn: boolean; isDown: boolean; preferences: Body };
}

type Answer = { status: number; body?: unknown; bytes?: Buffer };
type Handler = (input: { id: string; media: string; body: Body; query: URLSearchParams }) => Answer | Promise<Answer>;

const ok = (body: unknown): Answer => ({ status: 200, body });
const list = (data: readonly unknown[]): Answer => ok({ object: 'list', data, next: null });
const no = (status: number, code: string, message: string): Answer => ({
  status,
  body: { error: { message, type: 'invalid_request_error', param: null, code, imprimatur: { request_id: 'req_made_up', retry: 'no' } } },
});
const leaseLost = no(409, 'lease_lost', 'Your hold on this case has ended.');

export const ALL_PERMISSIONS = [
  'cases.read',
  'cases.decide',
  'approvals.legal',
  'search.read',
  'appeals.decide',
  'notices.read',
  'notices.decide',
  'quality.read',
  'operations.read',
  'audit.read',
  'policies.read',
  'registers.read',
  'gates.read',
  'gates.write',
  'kill.throw',
  'kill.lift',
  'registers.write',
  'takedowns.write',
  'quality.manage',
  'keys.read',
  'keys.write',
  'staff.read',
  'staff.write',
  'settings.write',
  'exports.make',
  'limits.read',
  'limits.write',
  'usage.read',
] as const;

/** A pretend gateway for development and tests of the screens; a Connect middleware. */
export function createMockApi({ leaseMs = 600_000, permissions = ALL_PERMISSIONS, missing = [] }: MockOptions = {}): MockApi {
  const store = new MockStore(leaseMs);
  const state: MockApi['state'] = { isSignedIn: true, isDown: false, preferences: {} };
  const routes = new Map<string, Handler>([...caseRoutes(store), ...boardRoutes(store)]);
  const me: Me = {
    id: 'user_sam',
    name: 'Sam Reviewer',
    roles: ['senior_reviewer'],
    permissions: [...permissions],
    language: null,
    preferences: {},
    exposure: { today: 34, budget: 60, resumes_at: null },
    csrf_token: 'made-up',
  };
  routes.set('GET /v1/me', () => ok({ ...me, preferences: state.preferences }));
  routes.set('GET /v1/sign-in/options', () => ok({ oidc: true, oidc_name: 'Example ID', development: true }));
  routes.set('POST /v1/sign-in/development', () => {
    state.isSignedIn = true;
    return ok({});
  });
  routes.set('PUT /v1/me/preferences', ({ body }) => {
    state.preferences = body;
    return ok(body);
  });

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://mock');
    const body = await readBody(request);
    const found = match(routes, request.method ?? 'GET', url.pathname);
    const isPublic = url.pathname.startsWith('/v1/sign-in');
    if (found === null || missing.some((path) => url.pathname.startsWith(path)))
      return send(response, no(404, 'not_found', 'There is nothing at this address.'));
    if (!state.isSignedIn && !isPublic) return send(response, no(401, 'auth_missing', 'Your session has ended.'));
    return send(response, await found.handler({ ...found.ids, body, query: url.searchParams }));
  };
  const api = (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (!request.url?.startsWith('/v1/')) next();
    else if (state.isDown) request.socket.destroy();
    else handle(request, response).catch(() => send(response, no(500, 'internal', 'The pretend gateway broke.')));
  };
  return Object.assign(api, { store, state });
}

function caseRoutes(store: MockStore): [string, Handler][] {
  const held: (handler: Handler) => Handler = (handler) => (input) =>
    store.holds(input.id, input.body['lease'], input.body['fence']) ? handler(input) : leaseLost;
  return [
    [
      'POST /v1/queues/:id/next',
      ({ id }) => {
        const found = store.next(id);
        const lease = store.claim(found.id);
        return ok({ case: store.find(found.id), lease });
      },
    ],
    [
      'GET /v1/cases',
      ({ query }) =>
        list([...store.cases.values()].filter((one) => query.get('queue') === null || one.queue === query.get('queue')).slice(0, 50)),
    ],
    ['GET /v1/cases/:id', ({ id }) => ok(store.find(id))],
    [
      'POST /v1/cases/:id/claim',
      ({ id }) => (store.held(id) === null ? ok(store.claim(id)) : no(409, 'case_claimed', 'Somebody else holds this case.')),
    ],
    ['POST /v1/cases/:id/heartbeat', held(({ id }) => ok({ until: store.beat(id) }))],
    [
      'POST /v1/cases/:id/release-lease',
      held(({ id }) => {
        store.drop(id);
        return ok({});
      }),
    ],
    [
      'POST /v1/cases/:id/decisions',
      (ask) => {
        const decide: Handler = ({ id, body }) =>
          ok(store.decide(id, { decision: String(body['decision']), reasons: reasonsOf(body), note: String(body['note'] ?? '') }));
        // Boards speak without holding the case.
        return (store.find(ask.id).kind === 'approval' ? decide : held(decide))(ask);
      },
    ],
    ['POST /v1/cases/:id/presence', () => ok({ viewers: [{ who: 'user_alex', since: new Date().toISOString() }] })],
    ['POST /v1/cases/:id/undo', ({ id }) => ok(store.undo(id))],
    [
      'POST /v1/cases/:id/signals',
      // As the gateway does: in this answer alone, not in those to come.
      ({ id }) => ok({ ...store.find(id), signals: SIGNALS }),
    ],
    [
      'PUT /v1/cases/:id/draft',
      ({ id, body }) => {
        store.draft(id, body);
        return ok({});
      },
    ],
    ['POST /v1/cases/:id/corrections', ({ id }) => ok(store.find(id))],
    ['POST /v1/cases/:id/preview', ({ body }) => ok({ waits_for: null, receivers: receivers(String(body['decision'])) })],
    ['GET /v1/cases/:id/timeline', () => list(boards.timeline())],
    [
      'GET /v1/cases/:id/media/:media',
      async ({ media, query }) => ({ status: 200, bytes: await derivative(media, Number(query.get('blur') ?? 1)) }),
    ],
    [
      'POST /v1/cases/:id/media/:media/reveal',
      held(async ({ media }) => {
        store.reveals.push(media);
        return { status: 200, bytes: await picture(media) };
      }),
    ],
  ];
}

const reasonsOf = ({ reasons }: Body): string[] => (Array.isArray(reasons) ? reasons.map(String) : []);

function boardRoutes(store: MockStore): [string, Handler][] {
  const lines = (kind: string) =>
    boards.caseLines(
      kind,
      [...store.cases.values()].filter((one) => one.kind === kind).map(({ id }) => id),
    );
  return [
    ['GET /v1/queues', () => list(boards.queues())],
    ['GET /v1/appeals', () => list(lines('appeal'))],
    ['GET /v1/notices', () => list(lines('notice'))],
    ['GET /v1/quality', () => ok(boards.quality())],
    ['GET /v1/operations', () => ok(boards.operations())],
    ['GET /v1/audit', () => list(boards.timeline().map((act) => ({ ...act, subject: 'case_00017f3k9q2x8w5b' })))],
    ['GET /v1/policies', () => list(boards.policies())],
    ['GET /v1/policies/:id', () => ok({ ...boards.policies()[0], ...boards.policyTexts })],
    ['GET /v1/policies/:id/replay', () => ok(boards.replay())],
    ['GET /v1/exceptions', () => list(boards.exceptions())],
    ['GET /v1/gates', () => list(boards.gates())],
    ['PUT /v1/gates/:id', () => ok({})],
    ['GET /v1/kill', () => list(boards.kills())],
    ['POST /v1/kill', () => ok(boards.kills()[0])],
    ['POST /v1/kill/:id/lift', () => ok({})],
    ...Object.entries(managedLists).map(([path, lines]): [string, Handler] => [`GET ${path}`, () => list(lines)]),
    ...Object.entries(managedThings).map(([path, thing]): [string, Handler] => [`GET ${path}`, () => ok(thing)]),
    ['POST /v1/keys', () => ok({ token: 'imp_made_up_token' })],
    [
      'POST /v1/opt-outs',
      ({ body }) => {
        if (body['name'] === 'X')
          return {
            status: 400,
            body: {
              error: {
                message: 'A field of the request is not valid. Too short.',
                code: 'request_invalid',
                param: 'name',
                imprimatur: { hint: 'Too short.' },
              },
            },
          };
        return ok({});
      },
    ],
    ['POST /v1/me/breaks', () => ok(managedThings['/v1/me/welfare'])],
    ['GET /v1/search', ({ query }) => ok(searchResults(query.get('q') ?? ''))],
    [
      'POST /v1/search',
      () => ok({ ...searchResults('picture'), matches: [{ by: 'watermark', artifact_id: 'art_6k2m9x4f8w5b1', distance: null }] }),
    ],
  ];
}

function searchResults(q: string) {
  if (q === 'nothing') return { generations: [], artifacts: [], users: [], cases: [] };
  return {
    generations: [
      { id: 'gen_00017f3k9q2x8w5b', surface: 'chat', model: 'demo-image-1', status: 'held', created_at: new Date().toISOString() },
    ],
    artifacts: [{ id: 'art_6k2m9x4f8w5b1', generation_id: 'gen_00017f3k9q2x8w5b', created_at: new Date().toISOString(), taken_down: true }],
    users: [{ pseudonym: 'usr_k3p8vd02', generations: 214, refused: 3, held: 5, strikes: 1 }],
    cases: [
      { id: 'case_00017f3k9q2x8w5b1', kind: 'generation', status: 'open', queue: 'real_people', opened_at: new Date().toISOString() },
    ],
  };
}

function receivers(decision: string) {
  const isNo = decision === 'block';
  return [
    {
      to: 'user',
      title: isNo ? 'We did not deliver your picture' : 'Your picture is ready',
      text: isNo
        ? 'It shows a real person, and we found no consent (policy § 4.2). You can appeal within six months.'
        : 'It carries a mark that says it was made with AI.',
    },
    {
      to: 'caller',
      title: isNo ? 'generation.blocked' : 'generation.released',
      text: isNo
        ? 'Error moderation_blocked to the request that waits; webhook with the id alone.'
        : 'The picture to the request that waits; webhook with the id alone.',
    },
    ...(isNo
      ? [
          {
            to: 'database',
            title: 'Statement of reasons',
            text: 'DECISION_GROUND_INCOMPATIBLE_CONTENT, automated detection yes, automated decision no.',
          },
        ]
      : []),
  ];
}

function match(routes: ReadonlyMap<string, Handler>, method: string, path: string) {
  for (const [route, handler] of routes) {
    const [verb, pattern] = route.split(' ');
    if (verb !== method || pattern === undefined) continue;
    const found = new RegExp(`^${pattern.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`).exec(path);
    if (found !== null)
      return {
        handler,
        ids: { id: decodeURIComponent(found.groups?.['id'] ?? ''), media: decodeURIComponent(found.groups?.['media'] ?? '') },
      };
  }
  return null;
}

async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return {};
  }
}

function send(response: ServerResponse, { status, body, bytes }: Answer): void {
  response.statusCode = status;
  response.setHeader('cache-control', 'no-store');
  response.setHeader('content-type', bytes === undefined ? 'application/json' : 'image/webp');
  response.end(bytes ?? JSON.stringify(body ?? null));
}
