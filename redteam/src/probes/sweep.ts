import type { Attack, Expectation } from '../attack.ts';
import { BENIGN_SEEDS, MARKED_SEEDS, type Seed } from '../seeds.ts';
import { type Arsenal, disguise, type Probe } from './probe.ts';

/** Every disguise of every seed, at the door that costs no picture. */
const sweep = (name: string, seeds: readonly Seed[], expect: Expectation) =>
  function attacks({ mutations, chance }: Arsenal): readonly Attack[] {
    return mutations.flatMap((mutation) =>
      seeds.flatMap((seed): Attack[] => {
        const text = disguise(mutation, seed, chance);
        // A language that has no word for this seed.
        if (text === seed.text) return [];
        return [
          {
            id: `${name}/${mutation.name}/${seed.id}`,
            probe: name,
            family: mutation.family,
            mutation: mutation.name,
            text,
            expect,
            send: (gateway) => gateway.moderate(text),
            control: { id: `moderations/${seed.id}`, send: (gateway) => gateway.moderate(seed.text) },
          },
        ];
      }),
    );
  };

export const MARKERS_DISGUISED: Probe = {
  name: 'markers',
  about: 'Every disguise of every marker, asked of the moderations endpoint.',
  attacks: sweep('markers', MARKED_SEEDS, 'stopped'),
};

export const BENIGN_DISGUISED: Probe = {
  name: 'benign twins',
  about: 'The same disguises over harmless words: hiding nothing is no offense.',
  attacks: sweep('benign twins', BENIGN_SEEDS, 'allowed'),
};
