import { queryOptions } from '@tanstack/react-query';
import { api, bodyOf, linesOf, setCsrfToken } from './client.ts';
import { sessionBegan } from './connection.ts';

/** What each screen asks, and how long an answer is good for. Keys start with the noun, so that a write can refresh all of its kind. */
export const queries = {
  me: () =>
    queryOptions({
      queryKey: ['me'],
      queryFn: async ({ signal }) => {
        const me = await bodyOf(api.GET('/v1/me', { signal }));
        setCsrfToken(me.csrf_token);
        sessionBegan();
        return me;
      },
      staleTime: 30_000,
      refetchInterval: 60_000,
    }),
  welfare: () => queryOptions({ queryKey: ['welfare'], queryFn: async ({ signal }) => bodyOf(api.GET('/v1/me/welfare', { signal })) }),
  signInOptions: () =>
    queryOptions({
      queryKey: ['sign-in'],
      queryFn: async ({ signal }) => bodyOf(api.GET('/v1/sign-in/options', { signal })),
      retry: false,
    }),
  queues: () =>
    queryOptions({
      queryKey: ['queues'],
      queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/queues', { signal }))),
      refetchInterval: 15_000,
    }),
  cases: (query: { status?: string; queue?: string; kind?: string; limit?: string }) =>
    queryOptions({
      queryKey: ['cases', 'list', query],
      queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/cases', { params: { query }, signal }))),
    }),
  dossier: (id: string) =>
    queryOptions({
      queryKey: ['cases', id],
      queryFn: async ({ signal }) => bodyOf(api.GET('/v1/cases/{id}', { params: { path: { id } }, signal })),
      staleTime: 20_000,
    }),
  timeline: (id: string) =>
    queryOptions({
      queryKey: ['cases', id, 'timeline'],
      queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/cases/{id}/timeline', { params: { path: { id } }, signal }))),
    }),
  search: (q: string) =>
    queryOptions({
      queryKey: ['search', q],
      queryFn: async ({ signal }) => bodyOf(api.GET('/v1/search', { params: { query: { q } }, signal })),
    }),
  /** What somebody wrote who appeals or reports. Each look is in the ledger. */
  statement: (kind: string, id: string) =>
    queryOptions({
      queryKey: [kind, id, 'statement'],
      queryFn: async ({ signal }) => {
        const params = { path: { id } };
        if (kind === 'appeal') return (await bodyOf(api.GET('/v1/appeals/{id}', { params, signal }))).text;
        const { description, urls = [] } = await bodyOf(api.GET('/v1/notices/{id}/content', { params, signal }));
        return [description, ...urls].filter(Boolean).join('\n');
      },
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    }),
  /** The statement of reasons that went with a decision, as its receiver reads it. */
  told: (decision: string) =>
    queryOptions({
      queryKey: ['statements', decision],
      queryFn: async ({ signal }) => {
        const { plain } = await bodyOf(api.GET('/v1/statements/{id}', { params: { path: { id: decision } }, signal }));
        return plain.text;
      },
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    }),
  appeals: () =>
    queryOptions({ queryKey: ['appeals'], queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/appeals', { signal }))) }),
  notices: () =>
    queryOptions({ queryKey: ['notices'], queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/notices', { signal }))) }),
  quality: () => queryOptions({ queryKey: ['quality'], queryFn: async ({ signal }) => bodyOf(api.GET('/v1/quality', { signal })) }),
  operations: () =>
    queryOptions({
      queryKey: ['operations'],
      queryFn: async ({ signal }) => bodyOf(api.GET('/v1/operations', { signal })),
      refetchInterval: 30_000,
    }),
  examples: (measure: string, value: string) =>
    queryOptions({
      queryKey: ['operations', 'examples', measure, value],
      queryFn: async ({ signal }) =>
        linesOf(await bodyOf(api.GET('/v1/operations/examples', { params: { query: { measure, value } }, signal }))),
    }),
  audit: (query: { by?: string; case?: string }) =>
    queryOptions({
      queryKey: ['audit', query],
      queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/audit', { params: { query }, signal }))),
    }),
  policies: () =>
    queryOptions({ queryKey: ['policies'], queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/policies', { signal }))) }),
  policy: (digest: string) =>
    queryOptions({
      queryKey: ['policies', digest],
      queryFn: async ({ signal }) => bodyOf(api.GET('/v1/policies/{digest}', { params: { path: { digest } }, signal })),
    }),
  exceptions: () =>
    queryOptions({ queryKey: ['exceptions'], queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/exceptions', { signal }))) }),
  replay: (digest: string, days: string) =>
    queryOptions({
      queryKey: ['policies', digest, 'replay', days],
      queryFn: async ({ signal }) =>
        bodyOf(api.GET('/v1/policies/{digest}/replay', { params: { path: { digest }, query: { days } }, signal })),
    }),
  gates: () =>
    queryOptions({
      queryKey: ['gates'],
      queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/gates', { signal }))),
      refetchInterval: 10_000,
    }),
  kills: () =>
    queryOptions({
      queryKey: ['kills'],
      queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/kill', { signal }))),
      refetchInterval: 5_000,
    }),
};
