import { expect, it } from 'vitest';
import { newId } from '../../contracts/ids.ts';
import { disguiseCase, disguiseEvents, disguiseRendered, shiftId } from './disguise.ts';

const HELD = Date.parse('2026-11-20T10:00:00.000Z');
const OPENED = new Date('2026-11-22T12:00:00.000Z');
const disguise = { caseId: 'case_1', openedAt: OPENED, shiftMs: OPENED.getTime() - HELD };
const iso = (ms: number) => new Date(ms).toISOString();

it('makes an id say the time of the replay, and takes that back for an address', () => {
  const id = newId('gen', HELD - 40);
  const shown = shiftId(id, disguise.shiftMs);
  expect(shown).toBe(`gen_${newId('gen', OPENED.getTime() - 40).slice(4, 14)}${id.slice(14)}`);
  expect(shiftId(shown, -disguise.shiftMs)).toBe(id);
});

it('leaves alone what is no id of a generation', () => {
  for (const value of [null, 7, 'input-0', 'case_01', newId('case', HELD)]) expect(shiftId(value, 5)).toBe(value);
});

it('dates what happened to the original as if it had happened now, in the order of any other case', () => {
  const events = [
    { at: iso(HELD), act: 'held' },
    { at: OPENED.toISOString(), act: 'opened' },
    { at: iso(OPENED.getTime() + 9), act: 'claimed' },
  ];
  expect(disguiseEvents(events, disguise)).toEqual([
    { at: OPENED.toISOString(), act: 'opened' },
    { at: OPENED.toISOString(), act: 'held' },
    { at: iso(OPENED.getTime() + 9), act: 'claimed' },
  ]);
});

it('covers every place of a case that tells a time of its generation, and none that tells of others', () => {
  const generation = newId('gen', HELD);
  const picture = newId('art', HELD + 900);
  const alike = { case_id: newId('case', HELD), decided_at: iso(HELD) };
  const shown = disguiseCase(
    {
      id: 'case_1',
      generation_id: generation,
      decision_id: newId('dec', HELD),
      conversation: [{ at: iso(HELD - 5_000), text: 'a' }],
      history: [{ at: iso(HELD), act: 'held' }],
      media: [{ id: picture, artifact_id: picture, role: 'output' }],
      similar: [alike],
    },
    disguise,
  );
  expect(JSON.stringify({ ...shown, similar: [] })).not.toContain('2026-11-20');
  expect(JSON.stringify({ ...shown, similar: [] })).not.toContain(generation.slice(4, 12));
  expect(shown['similar']).toEqual([alike]);
});

it('dates what would be sent as it would be for any other case', () => {
  const id = newId('gen', HELD);
  const made = newId('dec', OPENED.getTime() + 5);
  const rendered = {
    text: `GET /v1/generations/${id} of ${iso(HELD)}, ${made}`,
    data: [{ id, at: OPENED.toISOString(), content_date: '2026-11-20' }],
  };
  const shown = String(shiftId(id, disguise.shiftMs));
  expect(disguiseRendered(rendered, disguise)).toEqual({
    text: `GET /v1/generations/${shown} of ${OPENED.toISOString()}, ${made}`,
    data: [{ id: shown, at: OPENED.toISOString(), content_date: '2026-11-22' }],
  });
});
