import { setTimeout as sleep } from 'node:timers/promises';
import { noisePicture } from '../../bench/noise-picture.ts';
import { answerEvents, answerJson, answerPictures, fieldsOf, neutralPicture, startUpstream } from '../e2e/upstream.ts';

/** Words that steer the model and the checks. All are made up, so nothing else in a prompt can mean them. */
export const WORDS = { blocked: 'zorblocked', held: 'zorheld', refused: 'zorrefused', large: 'zorlarge' } as const;

/** A model on loopback that takes a random while, and remembers how often each prompt reached it. */
export interface CrashUpstream {
  readonly baseUrl: string;
  callsFor(prompt: string): number;
  /** How many prompts reached it more than once. */
  repeated(): readonly string[];
  close(): Promise<void>;
}

/** @param options.maxDelayMs each answer takes a random time up to this, so that a kill finds generations in every stage */
export async function startCrashUpstream({ maxDelayMs = 120 } = {}): Promise<CrashUpstream> {
  const upstream = await startUpstream();
  const pictures = await Promise.all(Array.from({ length: 12 }, (_, hue) => neutralPicture('png', 96, hue)));
  const calls = new Map<string, number>();
  const any = () => pictures[Math.floor(Math.random() * pictures.length)] ?? Buffer.alloc(0);

  upstream.behave(async (request, response) => {
    upstream.calls.length = 0;
    const { prompt, n = 1, stream } = await fieldsOf(request);
    const text = String(prompt);
    calls.set(text, (calls.get(text) ?? 0) + 1);
    await sleep(Math.random() * maxDelayMs);
    if (response.destroyed) return;
    if (text.includes(WORDS.refused)) {
      answerJson(response, 400, {
        error: { code: 'moderation_blocked', message: 'no', moderation_details: { moderation_stage: 'output' } },
      });
    } else if (text.includes(WORDS.large)) {
      answerPictures(response, [noisePicture(1300, 1300)]);
    } else if (stream === true) {
      answerEvents(response, [
        { type: 'image_generation.partial_image', partial_image_index: 0, b64_json: any().toString('base64') },
        { type: 'image_generation.completed', b64_json: any().toString('base64') },
      ]);
    } else {
      answerPictures(response, Array.from({ length: Number(n) }, any));
    }
  });
  return {
    baseUrl: upstream.baseUrl,
    callsFor: (prompt) => calls.get(prompt) ?? 0,
    repeated: () => [...calls].filter(([, count]) => count > 1).map(([prompt]) => prompt),
    close: upstream.close,
  };
}
