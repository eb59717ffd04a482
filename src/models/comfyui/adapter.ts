import { randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ImageModel, RenderEvent, RenderRequest } from '../../contracts/image-model.ts';
import { notesOn, sizeOf, type Takes } from '../allowed-parameters.ts';
import { failedEvent, failureOfCall, garbage } from '../failures.ts';
import { mediaType, sniffImage } from '../image-bytes.ts';
import { COMMON_SETTINGS, type ModelParts, type ModelSettings } from '../model-settings.ts';
import { encodeMultipart } from '../multipart.ts';
import { inputsOf } from '../parameter-notes.ts';
import { NEVER_BLACK } from '../refusals/dialects.ts';
import { listMember, member, textMember } from '../upstream-reply.ts';
import { type JsonReply, picturesEvent, pollJob, problemOf, type UpstreamSession, upstreamSession } from '../upstream-session.ts';
import { filled, fits, readWorkflow, slotSchema, type Workflow } from './workflow.ts';

/**
 * Settings of a ComfyUI server. `workflow` is a file in ComfyUI's API format; `slots` are the only places of it that a request reaches, by the name of
 * the parameter that fills each (`prompt`, `negative_prompt`, `seed`, `width`, `height`, `image`, …). `output` is the node whose pictures are taken.
 */
export const COMFYUI_SETTINGS = z
  .strictObject({
    ...COMMON_SETTINGS,
    workflow: z.string().min(1),
    slots: z.record(z.string(), slotSchema),
    output: z.string().min(1).max(20),
  })
  .omit({ upstreamModel: true });

type ComfyUiOptions = Pick<z.output<typeof COMFYUI_SETTINGS>, 'workflow' | 'slots' | 'output'> & ModelSettings & ModelParts;

/** ComfyUI by a template of the operator's: a caller's graph is never sent, whatever it is called. Throws `CONFIG_INVALID`. */
export function createComfyUiModel(options: ComfyUiOptions): ImageModel {
  const { name, slots } = options;
  const workflow = readWorkflow(options.workflow, slots, name);
  const takesImage = slots['image']?.type === 'image';
  const takes: Takes = {
    parameters: Object.keys(slots).filter((slot) => slot !== 'prompt' && slots[slot]?.type !== 'image'),
    sizes: 'width' in slots && 'height' in slots,
    formats: ['png'],
    pictures: takesImage ? 1 : 0,
    masks: slots['mask']?.type === 'image' ? 1 : 0,
    most: 1,
    endUser: false,
  };
  return {
    name,
    kind: 'comfyui',
    operations: takesImage ? ['edit'] : ['generate'],
    plan: (request) => ({ notes: [...notesOn(request, takes), ...misfits(cutToFit(request, slots), workflow)] }),
    async *render(request, signal) {
      const { apiKey } = options;
      const session = upstreamSession(options, apiKey === undefined ? {} : { authorization: `Bearer ${apiKey()}` }, signal);
      yield await renderOnce(cutToFit(request, slots), { ...options, parsed: workflow }, session);
    },
  };
}

/** A careful request has words of ours before the caller's own: together they must not be too long for their slot, or nothing of them would be sent. */
function cutToFit(request: RenderRequest, slots: Workflow['slots']): RenderRequest {
  const { negative_prompt: slot } = slots;
  const { negative_prompt: text } = request.parameters;
  if (request.conservative !== true || slot?.type !== 'text' || typeof text !== 'string') return request;
  return { ...request, parameters: { ...request.parameters, negative_prompt: text.slice(0, slot.maxLength) } };
}

/** Values that their slot does not take. */
function misfits({ parameters }: RenderRequest, { slots }: Workflow) {
  return Object.entries(parameters).flatMap(([name, value]) => {
    const slot = Object.hasOwn(slots, name) ? slots[name] : undefined;
    return slot === undefined || slot.type === 'image' || fits(slot, value) ? [] : [{ name, what: 'unsupported' } as const];
  });
}

type Ready = ComfyUiOptions & { readonly parsed: Workflow };

async function renderOnce(request: RenderRequest, options: Ready, session: UpstreamSession): Promise<RenderEvent> {
  const { baseUrl, name, parsed, output } = options;
  const uploaded = await upload(request, options, session);
  if (uploaded.kind !== 'uploaded') return uploaded;
  // Without a seed of its own every request would get the picture that is still in the server's memory.
  const values = { seed: randomInt(2 ** 47), ...request.parameters, ...sizeOf(request), ...uploaded.names, prompt: request.prompt };
  const submitted = await session.call(`${baseUrl}/prompt`, { prompt: filled(parsed, values), client_id: randomUUID() });
  if ('kind' in submitted) return failedEvent(failureOfCall(submitted));
  const problem = await problemOf(submitted, {
    dialects: ['comfyui'],
    isBlack: NEVER_BLACK,
    code: (body) => textMember(body, 'error', 'type'),
  });
  if (problem !== null) return problem;
  const id = textMember(submitted.body, 'prompt_id');
  if (!/^[\w-]{1,64}$/.test(id)) return failedEvent(garbage('a job without an id'));
  return pollJob(session, `${baseUrl}/history/${id}`, async ({ status, headers, body }: JsonReply) => {
    const entry = member(body, id);
    if (status === 200 && entry === undefined) return null;
    const refusal = await problemOf({ status, headers, body: entry }, { dialects: ['comfyui'], isBlack: NEVER_BLACK });
    if (refusal !== null) return refusal;
    const sources = listMember(entry, 'outputs', output, 'images').map((file) => ({ url: `${baseUrl}/view?${addressOf(file)}` }));
    return picturesEvent(sources, { n: 1, modelVersion: name, fetchPicture: session.fetchPicture });
  });
}

function addressOf(file: unknown): string {
  const [filename, subfolder, type] = ['filename', 'subfolder', 'type'].map((key) => textMember(file, key));
  return new URLSearchParams({ filename: filename ?? '', subfolder: subfolder ?? '', type: type ?? '' }).toString();
}

interface Uploaded {
  readonly kind: 'uploaded';
  /** By slot, the name under which the server knows the picture. */
  readonly names: Readonly<Record<string, string>>;
}

/** Puts the pictures of an edit on the server, under names that nobody can guess, and gives the names by slot. */
async function upload(request: RenderRequest, { baseUrl, slots }: Ready, session: UpstreamSession): Promise<Uploaded | RenderEvent> {
  const names: Record<string, string> = {};
  for (const role of ['image', 'mask'] as const) {
    const [picture] = inputsOf(request, role);
    if (picture === undefined || slots[role]?.type !== 'image') continue;
    const fileName = `imprimatur-${randomUUID()}.${sniffImage(picture.bytes) ?? 'png'}`;
    const part = { name: 'image', fileName, mediaType: mediaType(picture.bytes), bytes: picture.bytes };
    const { body, contentType } = encodeMultipart([part, { name: 'type', text: 'input' }, { name: 'overwrite', text: 'false' }]);
    const reply = await session.send({ url: `${baseUrl}/upload/image`, body, contentType });
    if ('kind' in reply) return failedEvent(failureOfCall(reply));
    const problem = await problemOf(reply, { dialects: [], isBlack: NEVER_BLACK });
    if (problem !== null) return problem;
    names[role] = textMember(reply.body, 'name') || fileName;
  }
  return { kind: 'uploaded', names };
}
