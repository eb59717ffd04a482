import type { Attack } from '../attack.ts';
import type { Answer } from '../gateway/answer.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Mutation } from '../mutations/mutation.ts';
import { BENIGN_SEEDS, MARKED_SEEDS, type Seed } from '../seeds.ts';
import { gradient } from './picture.ts';
import { disguise, newUser, oneOfEachFamily, type Probe } from './probe.ts';

type Door = (gateway: Gateway, prompt: string) => Promise<Answer>;

/** Every way to a model. What one door stops, all must stop. */
const DOORS: Readonly<Record<string, Door>> = {
  generations: (gateway, prompt) => gateway.generate(prompt, { user: newUser() }),
  stream: (gateway, prompt) => gateway.stream(prompt, newUser()),
  'edits, form': (gateway, prompt) => gateway.editForm({ prompt, picture: gradient(), user: newUser() }),
  'edits, JSON': (gateway, prompt) => gateway.editJson({ prompt, picture: gradient(), user: newUser() }),
  'responses API': (gateway, prompt) => gateway.respond(prompt, newUser()),
  chat: (gateway, prompt) => gateway.chat(prompt, newUser()),
  'native API': (gateway, prompt) => gateway.submit(prompt, { user: newUser() }),
};

const PLAIN: Mutation = { name: 'plain', family: 'no disguise', apply: ({ text }) => text };

/** One marker of each kind, and one innocent: parity holds both ways. */
const SEEDS: readonly Seed[] = [...MARKED_SEEDS, ...BENIGN_SEEDS].filter(({ id }) => id.endsWith('/table'));

export const DOOR_PROBES: readonly Probe[] = Object.entries(DOORS).map(([name, door]) => ({
  name,
  about: `The ${name} door, without disguise and with one of each family; what is innocent must come out as a picture.`,
  attacks: ({ mutations, chance }) => [
    ...SEEDS.map((seed) => attack(name, door, PLAIN, seed, chance)),
    ...oneOfEachFamily(mutations).flatMap((mutation) =>
      SEEDS.filter(({ id }) => id.startsWith('purple')).map((seed) => attack(name, door, mutation, seed, chance)),
    ),
  ],
}));

function attack(name: string, door: Door, mutation: Mutation, seed: Seed, chance: number): Attack {
  const text = disguise(mutation, seed, chance);
  return {
    id: `${name}/${mutation.name}/${seed.id}`,
    probe: name,
    family: mutation.family,
    mutation: mutation.name,
    text,
    expect: seed.id.startsWith('copper') ? 'allowed' : 'stopped',
    send: (gateway) => door(gateway, text),
    ...(mutation === PLAIN ? {} : { control: { id: `${name}/${seed.id}`, send: (gateway: Gateway) => door(gateway, seed.text) } }),
  };
}
