import type { GenerationId } from '../contracts/ids.ts';
import type { Published, PublishedArtifactWithBytes } from '../contracts/stages.ts';
import type { Submission } from '../contracts/submission.ts';
import { assemble, type Piece } from './assemble.ts';
import type { Dialect } from './dialect.ts';
import { artifactFacts, echoOf } from './images-answer.ts';

/**
 * Chat completions with pictures in `message.images`, as gateways that offer image models by chat give them: `{type: "image_url", image_url: {url}}`
 * with a data URL. One choice for each picture. There are no partial pictures in this form.
 */
export function chatDialect(submission: Submission, id: GenerationId): Dialect {
  const { language } = echoOf(submission);
  const head = (object: string) =>
    JSON.stringify({
      id: `chatcmpl-${id.slice('gen_'.length)}`,
      object,
      created: Math.floor(submission.receivedAt.getTime() / 1000),
      model: submission.request.requestedModel || submission.request.model,
    }).slice(1, -1);

  const images = (artifact: PublishedArtifactWithBytes): Piece[] => [
    `"images":[{"type":"image_url","index":0,"image_url":{"url":"data:image/${artifact.format};base64,`,
    artifact.bytes,
    `"},"imprimatur":${JSON.stringify(artifactFacts(artifact, language))}}]`,
  ];
  const choices = (artifacts: readonly PublishedArtifactWithBytes[], before: string, after: string): Piece[] =>
    artifacts.flatMap((artifact, i) => [`${i === 0 ? '' : ','}{"index":${i},${before}`, ...images(artifact), after]);
  const chunk = (pieces: readonly Piece[]) => assemble([`data: {${head('chat.completion.chunk')},"choices":[`, ...pieces, ']}\n\n']);

  return {
    answer: ({ usage }, artifacts) =>
      assemble([
        `{${head('chat.completion')},"choices":[`,
        ...choices(artifacts, '"message":{"role":"assistant","content":"","refusal":null,', '},"logprobs":null,"finish_reason":"stop"}'),
        `],"usage":${JSON.stringify(chatUsage(usage))}}`,
      ]),
    opening: () => [],
    frame({ frame, artifacts }: Published) {
      if (frame.kind === 'partial') return [];
      return [
        chunk(choices(artifacts, '"delta":{"role":"assistant","content":"",', '},"logprobs":null,"finish_reason":null}')),
        chunk([artifacts.map((_artifact, i) => `{"index":${i},"delta":{},"logprobs":null,"finish_reason":"stop"}`).join(',')]),
      ];
    },
    closing: () => [Buffer.from('data: [DONE]\n\n')],
  };
}

type Usage = Readonly<Record<string, unknown>> | null;

/** The same numbers under the names that chat clients read. */
function chatUsage(usage: Usage) {
  if (usage === null) return null;
  const { input_tokens: prompt, output_tokens: completion, total_tokens: total } = usage;
  return { prompt_tokens: prompt ?? 0, completion_tokens: completion ?? 0, total_tokens: total ?? 0 };
}
