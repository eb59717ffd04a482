import OpenAI, { toFile } from 'openai';
import { type Answer, answerOfError } from './answer.ts';
import { askChat, askResponses } from './chats.ts';
import { followJob } from './follow-job.ts';
import { batchedModeration } from './moderation.ts';

/** Fields of a request besides its prompt; whatever the SDK's types do not know goes along as it is. */
export type Fields = Readonly<Record<string, unknown>>;

export interface EditInput {
  readonly prompt: string;
  /** PNG bytes. */
  readonly picture: Uint8Array;
  readonly fileName?: string;
  /** Who the end user is said to be; requests of one user belong together. */
  readonly user: string;
}

/** A gateway under attack: every door that it has, through the official SDK and nothing else. No call throws. */
export interface Gateway {
  moderate(text: string): Promise<Answer>;
  generate(prompt: string, fields: Fields): Promise<Answer>;
  stream(prompt: string, user: string): Promise<Answer>;
  editForm(input: EditInput): Promise<Answer>;
  editJson(input: EditInput): Promise<Answer>;
  vary(input: Omit<EditInput, 'prompt'>): Promise<Answer>;
  submit(prompt: string, fields: Fields): Promise<Answer>;
  /** The image tool of the Responses API. */
  respond(prompt: string, user: string): Promise<Answer>;
  chat(prompt: string, user: string): Promise<Answer>;
}

interface Connection {
  /** With `/v1`. */
  readonly baseUrl: string;
  readonly key: string;
  readonly timeoutMs: number;
}

/** The smallest picture: an attack asks for a decision, not for beauty. */
const SMALL = { size: '64x64' } as const;

/** Connects on first use. */
export function createGateway(connection: Connection): Gateway {
  const client = sdk(connection);
  const post = (path: string, body: Fields) =>
    attempt(async () => {
      const { data, response } = await client.post<OpenAI.ImagesResponse>(path, { body }).withResponse();
      return allowedWith(data, response.headers.get('x-imprimatur-unsupported') ?? '');
    });
  return {
    moderate: batchedModeration(client),
    generate: (prompt, fields) => post('/images/generations', { ...SMALL, prompt, ...fields }),
    stream: (prompt, user) =>
      attempt(async () => {
        const pictures: string[] = [];
        const events = await client.post<AsyncIterable<OpenAI.ImageGenStreamEvent>>('/images/generations', {
          body: { ...SMALL, prompt, user, stream: true, partial_images: 1 },
          stream: true,
        });
        for await (const event of events) pictures.push(event.b64_json);
        return pictures.length > 0 ? { kind: 'allowed', pictures, dropped: [] } : { kind: 'error', code: 'no_picture' };
      }),
    editForm: ({ prompt, picture, fileName = 'picture.png', user }) =>
      attempt(async () => allowedWith(await client.images.edit({ prompt, image: await pngFile(picture, fileName), user }))),
    editJson: ({ prompt, picture, user }) => post('/images/edits', { prompt, user, images: [{ image_url: dataUrl(picture) }] }),
    vary: ({ picture, fileName = 'picture.png', user }) =>
      attempt(async () => allowedWith(await client.images.createVariation({ image: await pngFile(picture, fileName), user }))),
    respond: (prompt, user) => attempt(() => askResponses(client, prompt, user, SMALL.size)),
    chat: (prompt, user) => attempt(() => askChat(client, prompt, user, SMALL.size)),
    submit: (prompt, fields) => attempt(() => followJob(client, { ...SMALL, prompt, ...fields }, connection.timeoutMs)),
  };
}

/** Never tries again by itself: a second attempt would be another attack. */
export function sdk({ baseUrl, key, timeoutMs }: Connection): OpenAI {
  return new OpenAI({ baseURL: baseUrl, apiKey: key, timeout: timeoutMs, maxRetries: 0, logLevel: 'off' });
}

async function attempt(act: () => Promise<Answer>): Promise<Answer> {
  return act().catch(answerOfError);
}

/** An answer without a picture would be a success that nobody can see. */
function allowedWith({ data }: OpenAI.ImagesResponse, unsupported = ''): Answer {
  const pictures = (data ?? []).flatMap(({ b64_json: picture }) => (picture === undefined ? [] : [picture]));
  return pictures.length > 0 ? { kind: 'allowed', pictures, dropped: unsupported.split(', ') } : { kind: 'error', code: 'no_picture' };
}

function pngFile(bytes: Uint8Array, name: string) {
  return toFile(bytes, name, { type: 'image/png' });
}

function dataUrl(bytes: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`;
}
