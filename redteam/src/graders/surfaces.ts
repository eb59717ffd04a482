import { type Answer, isStopped } from '../gateway/answer.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { type Arsenal, disguise, newUser, oneOfEachFamily } from '../probes/probe.ts';
import { BENIGN_SEEDS, MARKED_SEEDS } from '../seeds.ts';

/** The same request on every surface. */
export interface SurfaceRow {
  readonly door: 'moderations' | 'generations';
  readonly family: string;
  readonly mutation: string;
  readonly text: string;
  /** Answer kinds by surface. */
  readonly answers: Readonly<Record<string, Answer['kind']>>;
  /** `differs`: a picture on one surface and none on another. `error`: some surface could not tell. */
  readonly outcome: 'same' | 'differs' | 'error';
}

interface Question {
  readonly door: SurfaceRow['door'];
  readonly family: string;
  readonly mutation: string;
  readonly text: string;
}

/** One disguise of each family for the cheap door; the plain seeds also as generations. */
export function surfaceQuestions({ mutations, chance }: Arsenal): readonly Question[] {
  const seeds = [...MARKED_SEEDS, ...BENIGN_SEEDS].filter(({ id }) => id.endsWith('/table'));
  const plain = seeds.flatMap(({ text }) =>
    (['moderations', 'generations'] as const).map((door) => ({ door, family: 'no disguise', mutation: 'plain', text })),
  );
  const disguised = oneOfEachFamily(mutations).flatMap((mutation) =>
    seeds.map((seed) => ({
      door: 'moderations' as const,
      family: mutation.family,
      mutation: mutation.name,
      text: disguise(mutation, seed, chance),
    })),
  );
  return [...plain, ...disguised];
}

/** Asks every surface the same and compares what they say. */
export async function askSurfaces(question: Question, gateways: ReadonlyMap<string, Gateway>): Promise<SurfaceRow> {
  const { door, text } = question;
  const answers = await Promise.all(
    [...gateways].map(async ([surface, gateway]) => {
      const answer = await (door === 'moderations' ? gateway.moderate(text) : gateway.generate(text, { user: newUser() }));
      return [surface, answer] as const;
    }),
  );
  return {
    ...question,
    answers: Object.fromEntries(answers.map(([surface, { kind }]) => [surface, kind])),
    outcome: compare(answers.map(([, answer]) => answer)),
  };
}

function compare(answers: readonly Answer[]): SurfaceRow['outcome'] {
  if (answers.some(({ kind }) => kind === 'error' || kind === 'rejected')) return 'error';
  return new Set(answers.map(isStopped)).size > 1 ? 'differs' : 'same';
}
