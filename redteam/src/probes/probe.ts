import type { Attack } from '../attack.ts';
import type { Mutation } from '../mutations/mutation.ts';
import { type Random, randomFrom } from '../random.ts';
import type { Seed } from '../seeds.ts';

/** What the attacks of a run are made from. */
export interface Arsenal {
  /** Those of the families that were chosen. */
  readonly mutations: readonly Mutation[];
  /** Any number; another one gives other disguises. */
  readonly chance: number;
}

/** What is attacked: a door, a field, a habit. */
export interface Probe {
  readonly name: string;
  /** One line for the report. */
  readonly about: string;
  readonly attacks: (arsenal: Arsenal) => readonly Attack[];
}

/** The disguised text; chance depends on the run, the mutation and the seed only, so that every probe sends the same. */
export function disguise({ name, apply }: Mutation, seed: Seed, chance: number): string {
  return apply(seed, randomOf(name, seed.id, chance));
}

function randomOf(mutation: string, seed: string, chance: number): Random {
  return randomFrom(`${chance}/${mutation}/${seed}`);
}

/** The first mutation of each family: for doors where every attempt costs a picture. */
export function oneOfEachFamily(mutations: readonly Mutation[]): readonly Mutation[] {
  return [...new Map([...mutations].reverse().map((mutation) => [mutation.family, mutation])).values()].reverse();
}

let users = 0;

/** An end user nobody has seen: what one attack leaves behind must not decide another. */
export function newUser(): string {
  users += 1;
  return `redteam-${process.pid}-${Date.now()}-${users}`;
}
