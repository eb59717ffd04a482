import { z } from 'zod';

/** What the engine's thread is started with. */
export const ENGINE_INPUT = z.object({ clusterDir: z.string(), socketPath: z.string() });

/** What the engine's thread says; after `failed` it ends. */
export const ENGINE_MESSAGE = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
]);

export type EngineMessage = z.infer<typeof ENGINE_MESSAGE>;
