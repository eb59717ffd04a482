import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import { LISTED_BELOW } from '../../detectors/person-match/listed-below.ts';
import { lookClosely, readRegisterFaces } from '../../detectors/person-match/read-register-face.ts';
import { lookAlikes } from '../../registries/people/people-index.ts';
import { PERSON_LISTS, personId, scopeSchema } from '../../registries/people/person.ts';
import { scaleOf } from '../../registries/people/scale.ts';
import { isHolding } from '../../registries/people/standing.ts';
import { type Authenticate, operatorOf, permitted } from '../authenticate.ts';
import { listOf } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { pictureBody, pictureOf, takePictures } from '../picture-body.ts';
import { route } from '../route.ts';
import { personAnswer, showPerson } from '../show-person.ts';
import { comparingRoutes } from './people-comparisons.ts';

const tag = 'People';
const base64 = z.string().min(1).meta({ format: 'byte' });
const byPerson = z.object({ id: personId });
const newListing = z
  .strictObject({
    list: z.enum(PERSON_LISTS),
    pictures: z.array(base64).max(10).default([]).describe('Base64, one face in each. They are looked at and not kept.'),
    name: z.string().trim().min(1).max(200).optional().describe('Kept sealed, and told by /v1/people/{id}/name alone.'),
    scope: scopeSchema.default({ purposes: [] }).describe('What a consent covers; nothing else has one.'),
    expires_at: z.coerce.date().optional(),
    evidence: z
      .strictObject({
        reference: z.string().trim().min(1).max(1_000).optional().describe('Where it is, such as the number of a contract.'),
        document: base64.optional().describe('Base64; sealed in the evidence store.'),
      })
      .default({}),
    same_as: personId.optional().describe('Somebody who is listed already: the entry, and the faces, are added to theirs.'),
    distinct_from: z.array(personId).max(20).default([]).describe('People who look like this one and are others.'),
  })
  .meta({ id: 'NewPerson' });

const deleted = z.object({ object: z.literal('person'), id: z.string(), deleted: z.literal(true), is_key_destroyed: z.boolean() });
const everybody = listOf(personAnswer).extend({
  scale: z.object({
    people: z.number(),
    false_matches_per_face: z.object({ all: z.number(), worst_group: z.number() }),
    warning: z.string().nullable(),
  }),
});
const sighting = z.object({
  object: z.literal('people_match'),
  threshold: z.number(),
  faces: z.array(
    z.object({
      box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
      matches: z.array(z.object({ person: z.string(), distance: z.number(), lists: z.array(z.enum(PERSON_LISTS)) })),
    }),
  ),
});

/** The register of people. No answer holds a face, and one alone a name. */
export function peopleRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    takePictures(app, parts.config.values.maxUploadBytes);
    await app.register(listingRoutes(parts, authenticate));
    await app.register(lookingRoutes(parts, authenticate));
    await app.register(comparingRoutes(parts, authenticate));
  };
}

/** Who is put on a list, and who comes off it. */
function listingRoutes({ people, looker }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'POST',
      url: '/v1/people',
      onRequest: permitted(authenticate, 'registers.write'),
      tag,
      summary: 'Put somebody on a list: with their consent, protected, or against their wish to be shown',
      body: newListing,
      answer: personAnswer.extend({ warnings: z.array(z.string()) }),
      status: 201,
      handler: async ({ body }, request, reply) => {
        requireSense(body);
        const { list, name, scope, expires_at, evidence, same_as, distinct_from } = body;
        const faces = await readRegisterFaces(
          body.pictures.map((picture) => Buffer.from(picture, 'base64')),
          looker,
        );
        const person = await people.add({
          list,
          name,
          scope,
          faces,
          expiresAt: expires_at ?? null,
          reference: evidence.reference,
          document: evidence.document === undefined ? undefined : Buffer.from(evidence.document, 'base64'),
          sameAs: same_as,
          distinctFrom: distinct_from,
          by: operatorOf(request),
        });
        const { warning } = scaleOf((await people.list()).length);
        return reply.code(201).send({ ...showPerson(person), warnings: warning === null ? [] : [warning] });
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/people/:id/revoke',
      onRequest: permitted(authenticate, 'registers.write'),
      tag,
      summary: 'Take back the consents of a person, or the one entry of this id; in force everywhere at once',
      params: z.object({ id: z.string() }),
      answer: personAnswer,
      handler: async ({ params: { id } }, request) => {
        if (!isId('person', id) && !isId('entry', id)) throw new ImprimaturError('NOT_FOUND');
        return showPerson(await people.revoke(id, operatorOf(request)));
      },
    });
    route(app, {
      method: 'DELETE',
      url: '/v1/people/:id',
      onRequest: permitted(authenticate, 'registers.write'),
      tag,
      summary: 'Delete somebody, and destroy the key without which no copy of their data opens',
      params: byPerson,
      answer: deleted,
      handler: async ({ params: { id } }, request) => {
        const { isKeyDestroyed } = await people.remove(id, operatorOf(request));
        return { object: 'person' as const, id, deleted: true as const, is_key_destroyed: isKeyDestroyed };
      },
    });
  };
}

/** Who is listed, and who is in a picture; that somebody looked is written down first. */
function lookingRoutes({ people, looker }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/people',
      onRequest: permitted(authenticate, 'registers.read'),
      tag,
      summary: 'Everybody who is listed, without names and faces',
      answer: everybody,
      handler: async (_input, request) => {
        const all = await people.list();
        await people.noteLook({ kind: 'people.listed', count: all.length, by: operatorOf(request) });
        const { falseMatchesPerFace: expected, warning } = scaleOf(all.length);
        const scale = { people: all.length, false_matches_per_face: { all: expected.all, worst_group: expected.worstGroup }, warning };
        return { object: 'list' as const, scale, data: all.map(showPerson) };
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/people/:id/name',
      onRequest: permitted(authenticate, 'people.names'),
      tag,
      summary: 'The name of somebody who is listed; that it was read stands in the ledger',
      params: byPerson,
      answer: z.object({ object: z.literal('person_name'), id: z.string(), name: z.string().nullable() }),
      handler: async ({ params: { id } }, request) => ({
        object: 'person_name' as const,
        id,
        name: await people.nameOf(id, operatorOf(request)),
      }),
    });
    route(app, {
      method: 'POST',
      url: '/v1/people/match',
      onRequest: permitted(authenticate, 'people.names'),
      tag,
      summary: 'Who of the register is in this picture; that somebody asked stands in the ledger',
      consumes: pictureBody,
      answer: sighting,
      handler: async (_input, request) => {
        const sight = await lookClosely(pictureOf(request), looker);
        if (sight.kind === 'unreadable') throw new ImprimaturError('IMAGE_UNREADABLE');
        const index = await people.current();
        const faces = sight.faces.map(({ box, descriptor }) => ({
          box: { x: Math.round(box.x), y: Math.round(box.y), width: Math.round(box.width), height: Math.round(box.height) },
          matches: lookAlikes(index, descriptor, LISTED_BELOW).map(({ person, distance }) => ({
            person: person.id,
            distance: Number(distance.toFixed(4)),
            lists: [...new Set(person.entries.filter((entry) => isHolding(entry, new Date())).map(({ list }) => list))],
          })),
        }));
        const matches = faces.reduce((sum, face) => sum + face.matches.length, 0);
        await people.noteLook({ kind: 'people.searched', faces: faces.length, matches, by: operatorOf(request) });
        return { object: 'people_match' as const, threshold: LISTED_BELOW, faces };
      },
    });
  };
}

/** @throws ImprimaturError REQUEST_INVALID for what would be on a list and mean nothing there */
function requireSense({ list, pictures, scope, evidence, same_as }: z.output<typeof newListing>): void {
  const refuse = (hint: string, param: string) => {
    throw new ImprimaturError('REQUEST_INVALID', { hint, param });
  };
  if (pictures.length === 0 && same_as === undefined) refuse('Send at least one picture.', 'pictures');
  if (list === 'consent') {
    if (scope.purposes.length === 0) refuse('Say what the consent is for, such as "edit".', 'scope.purposes');
    if (evidence.reference === undefined && evidence.document === undefined)
      refuse('Say where the evidence of the consent is, or send it.', 'evidence');
  } else if (
    Object.values(scope)
      .flat()
      .some((value) => value !== undefined)
  )
    refuse('Only a consent has a scope.', 'scope');
}
