import OpenAI, { toFile } from 'openai';
import OpenAI6, { toFile as toFile6 } from 'openai-v6';

/** The two releases of the official SDK that every promise is tried with. Their types differ in nothing that we use. */
export const RELEASES = [
  { release: 'openai 7', OpenAI, toFile },
  { release: 'openai 6', OpenAI: OpenAI6 as unknown as typeof OpenAI, toFile: toFile6 as unknown as typeof toFile },
];

export type OpenAIError = InstanceType<typeof OpenAI.APIError>;

/** What a call of the SDK throws; a call that succeeds fails the test. */
export async function thrownBy(call: PromiseLike<unknown>): Promise<OpenAIError> {
  try {
    await call;
  } catch (error) {
    return error as OpenAIError;
  }
  throw new Error('the call succeeded');
}
