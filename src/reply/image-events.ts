import type { Published } from '../contracts/stages.ts';
import type { Operation } from '../contracts/submission.ts';
import { assemble } from './assemble.ts';
import type { ErrorBody } from './error-answer.ts';
import { artifactFacts, imageDetails, type RequestEcho } from './images-answer.ts';

/** OpenAI's stream events for one frame: `image_generation.partial_image`, or `.completed` for each finished picture. */
export function imageEvents(published: Published, operation: Operation, echo: RequestEcho): readonly Buffer[] {
  const prefix = operation === 'generate' ? 'image_generation' : 'image_edit';
  const { frame, outcome } = published;
  const type = `${prefix}.${frame.kind === 'partial' ? 'partial_image' : 'completed'}`;
  return published.artifacts.map((artifact) => {
    const facts = {
      created_at: Math.floor(Date.now() / 1000),
      ...imageDetails(published.details, echo, artifact.format),
      ...(frame.kind === 'partial' ? { partial_image_index: frame.index } : {}),
      ...(outcome?.kind === 'published' && outcome.usage !== null ? { usage: outcome.usage } : {}),
      imprimatur: artifactFacts(artifact, echo.language),
    };
    const head = `event: ${type}\ndata: {"type":"${type}","b64_json":"`;
    return assemble([head, artifact.bytes, `",${JSON.stringify(facts).slice(1)}\n\n`]);
  });
}

/** An error in the middle of a stream: the SDK raises `APIError` with the code and the moderation details. */
export function errorEvent(body: ErrorBody): Buffer {
  return Buffer.from(`event: error\ndata: ${JSON.stringify({ type: 'error', ...body })}\n\n`);
}
