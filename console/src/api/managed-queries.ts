import { queryOptions } from '@tanstack/react-query';
import { api, bodyOf, linesOf } from './client.ts';

/** What the screens of operators ask; the first part of a key is what a change reads again. */
export const managed = {
  people: () =>
    queryOptions({ queryKey: ['people'], queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/people', { signal }))) }),
  optOuts: () =>
    queryOptions({ queryKey: ['opt-outs'], queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/opt-outs', { signal }))) }),
  hashLists: () =>
    queryOptions({ queryKey: ['hash-lists'], queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/hash-lists', { signal }))) }),
  flaggers: () =>
    queryOptions({
      queryKey: ['flaggers'],
      queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/trusted-flaggers', { signal }))),
    }),
  takedowns: () =>
    queryOptions({ queryKey: ['takedowns'], queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/takedowns', { signal }))) }),
  gold: () =>
    queryOptions({ queryKey: ['gold'], queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/quality/gold', { signal }))) }),
  calibrations: () =>
    queryOptions({
      queryKey: ['calibrations'],
      queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/quality/calibrations', { signal }))),
    }),
  calibration: (id: string) =>
    queryOptions({
      queryKey: ['calibrations', id],
      queryFn: async ({ signal }) => bodyOf(api.GET('/v1/quality/calibrations/{id}', { params: { path: { id } }, signal })),
    }),
  staff: () =>
    queryOptions({ queryKey: ['staff'], queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/staff', { signal }))) }),
  keys: () => queryOptions({ queryKey: ['keys'], queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/keys', { signal }))) }),
  applications: () =>
    queryOptions({
      queryKey: ['applications'],
      queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/applications', { signal }))),
    }),
  claimKeys: (id: string) =>
    queryOptions({
      queryKey: ['applications', id, 'claim-keys'],
      queryFn: async ({ signal }) =>
        linesOf(await bodyOf(api.GET('/v1/applications/{id}/claim-keys', { params: { path: { id } }, signal }))),
    }),
  webhooks: () => queryOptions({ queryKey: ['webhooks'], queryFn: async ({ signal }) => bodyOf(api.GET('/v1/webhooks', { signal })) }),
  deliveries: (id: string) =>
    queryOptions({
      queryKey: ['webhooks', id, 'deliveries'],
      queryFn: async ({ signal }) =>
        linesOf(await bodyOf(api.GET('/v1/webhooks/{id}/deliveries', { params: { path: { id }, query: { limit: '100' } }, signal }))),
    }),
  campaigns: (state: string) =>
    queryOptions({
      queryKey: ['campaigns', 'list', state],
      queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/behavior/campaigns', { params: { query: { state } }, signal }))),
    }),
  campaign: (id: string) =>
    queryOptions({
      queryKey: ['campaigns', id],
      queryFn: async ({ signal }) => bodyOf(api.GET('/v1/behavior/campaigns/{id}', { params: { path: { id } }, signal })),
    }),
  limits: (of: { application?: string; user?: string }) =>
    queryOptions({
      queryKey: ['limits', of],
      queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/limits', { params: { query: of }, signal }))),
    }),
  usage: (from: string, to: string) =>
    queryOptions({
      queryKey: ['usage', from, to],
      queryFn: async ({ signal }) =>
        bodyOf(api.GET('/v1/usage', { params: { query: { from, to, format: 'json', open: 'true' } }, signal })),
    }),
  surfaces: () =>
    queryOptions({ queryKey: ['surfaces'], queryFn: async ({ signal }) => linesOf(await bodyOf(api.GET('/v1/surfaces', { signal }))) }),
};
