import { CATEGORIES } from '../../contracts/category.ts';
import { fileOf, withHeads } from '../classifier/train/fit-model.ts';
import { walrusModel } from '../classifier/walrus-model.fixture.ts';
import type { FlagFrom } from './evaluate-model.ts';

/** The file of a small model of the world of walruses; `shift` makes it more (above 0) or less (below 0) ready to flag. */
export function modelFile({ shift = 0 }: { readonly shift?: number } = {}): Buffer {
  const model = walrusModel();
  return fileOf(
    withHeads(
      model,
      model.header.heads.map((head) => ({ ...head, bias: head.bias + shift })),
    ),
  );
}

export const FLAG_FROM: FlagFrom = new Map(CATEGORIES.map((category) => [category, 0.65]));

/** A frozen suite of that world, as a file. */
export const SUITE = [
  ...['a walrus in a boat', 'two walrus whiskers near the river', 'a blue walrus'].map((text) => ({ text, labels: { sexual: true } })),
  ...['a blue boat beside a golden river', 'a green kettle beside a blue boat', 'a silver castle beside a white bridge'].map((text) => ({
    text,
    labels: 'benign',
  })),
]
  .map((row) => JSON.stringify(row))
  .join('\n');
