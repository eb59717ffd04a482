import { z } from 'zod';
import { createGateway, type Gateway, sdk } from './gateway.ts';

interface Place {
  readonly baseUrl: string;
  readonly operatorKey: string;
  readonly timeoutMs: number;
}

const made = z.looseObject({ id: z.string(), token: z.string() });

/** The same gateway entered through each of its surfaces. */
export interface Surfaces {
  readonly gateways: ReadonlyMap<string, Gateway>;
  /** Revokes the keys. */
  close(): Promise<void>;
}

/** Has the operator make a key for each surface. @throws what the SDK throws, when the operator may not */
export async function openSurfaces(names: readonly string[], { baseUrl, operatorKey, timeoutMs }: Place): Promise<Surfaces> {
  const operator = sdk({ baseUrl, key: operatorKey, timeoutMs });
  const keys: { readonly id: string; readonly surface: string; readonly token: string }[] = [];
  const close = async () => {
    await Promise.allSettled(keys.map(({ id }) => operator.post(`/keys/${id}/revoke`)));
  };
  try {
    for (const surface of names) {
      keys.push({ surface, ...made.parse(await operator.post('/keys', { body: { role: 'caller', surface, application: 'redteam' } })) });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { gateways: new Map(keys.map(({ surface, token }) => [surface, createGateway({ baseUrl, key: token, timeoutMs })])), close };
}
