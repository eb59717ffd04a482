import { z } from 'zod';
import type { Operation } from '../../contracts/submission.ts';
import type { Order } from './read-order.ts';

/** One picture to make: what the worker is sent. */
export interface Commission extends Order {
  readonly operation: Operation;
  readonly prompt: string;
  /** Which of the `n` pictures. */
  readonly index: number;
  readonly images: readonly Uint8Array[];
  readonly mask: Uint8Array | null;
  /** Share of the resolution, above 0 to 1: how far a progressive picture has come; 1 is the finished one. */
  readonly draft: number;
}

/** What the worker says; it opened pictures of strangers, so its words are parsed. */
export const painted = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('painted'), bytes: z.instanceof(Uint8Array), width: z.int().positive(), height: z.int().positive() }),
  z.object({ kind: z.literal('unreadable') }),
]);
export type Painted = z.infer<typeof painted>;
