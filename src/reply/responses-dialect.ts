import type { GenerationId } from '../contracts/ids.ts';
import type { Published, PublishedArtifactWithBytes } from '../contracts/stages.ts';
import type { Submission } from '../contracts/submission.ts';
import { assemble, type Piece } from './assemble.ts';
import type { Dialect, PublishedOutcome } from './dialect.ts';
import { artifactFacts, echoOf, imageDetails } from './images-answer.ts';

/** What an answer of the Responses API repeats of its request. */
export interface ResponsesEcho {
  /** The model of the request: a language model's name that we only repeat. */
  readonly model: string;
  readonly instructions: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly tools: readonly unknown[];
  readonly toolChoice: unknown;
  readonly previousResponse: string | null;
}

type Step = 'created' | 'in_progress' | 'completed';

/**
 * OpenAI's Responses API with the `image_generation` tool (OpenAPI 2.3.0): one output item, the picture as base64 in `result`. A partial picture is
 * `partial_image_b64`, not `b64_json`.
 */
export function responsesDialect(submission: Submission, asked: ResponsesEcho, id: GenerationId): Dialect {
  const echo = echoOf(submission);
  const suffix = id.slice('gen_'.length);
  const item = `ig_${suffix}`;
  let sequence = 0;

  const envelope = (status: Step) => responseHead(submission, asked, { id: `resp_${suffix}`, status });

  /** The item with its picture, between what stands before and after it. */
  const call = (details: Published['details'], artifact: PublishedArtifactWithBytes): Piece[] => {
    const revised = artifact.revisedPrompt === undefined ? {} : { revised_prompt: artifact.revisedPrompt };
    const facts = { ...imageDetails(details, echo, artifact.format), ...revised, imprimatur: artifactFacts(artifact, echo.language) };
    return [`{"id":"${item}","type":"image_generation_call","status":"completed","result":"`, artifact.bytes, `",${members(facts)}}`];
  };

  const whole = (outcome: PublishedOutcome, artifacts: readonly PublishedArtifactWithBytes[]): Piece[] => {
    const calls = artifacts.flatMap((artifact, i) => [...(i === 0 ? [] : [',']), ...call(outcome.details, artifact)]);
    return [`{${members(envelope('completed'))},"output":[`, ...calls, `],"usage":${JSON.stringify(outcome.usage)}}`];
  };

  const event = (type: string, pieces: readonly Piece[]): Buffer =>
    assemble([`event: ${type}\ndata: {"type":"${type}","sequence_number":${sequence++},`, ...pieces, '}\n\n']);
  const ofItem = (name: string, pieces: readonly Piece[] = []): Buffer =>
    event(`response.image_generation_call.${name}`, [`"item_id":"${item}","output_index":0`, ...pieces]);
  const ofResponse = (step: Step): Buffer =>
    event(`response.${step}`, [`"response":${JSON.stringify({ ...envelope(step), output: [], usage: null })}`]);

  return {
    answer: (outcome, artifacts) => assemble(whole(outcome, artifacts)),
    opening: () => [
      ofResponse('created'),
      ofResponse('in_progress'),
      event('response.output_item.added', [
        `"output_index":0,"item":${JSON.stringify({ id: item, type: 'image_generation_call', status: 'in_progress', result: null })}`,
      ]),
      ofItem('in_progress'),
      ofItem('generating'),
    ],
    frame({ frame, details, artifacts, outcome }) {
      const [artifact] = artifacts;
      if (artifact === undefined) return [];
      if (frame.kind === 'partial') {
        const facts = { ...imageDetails(details, echo, artifact.format), imprimatur: artifactFacts(artifact, echo.language) };
        const index = `,"partial_image_index":${frame.index},"partial_image_b64":"`;
        return [ofItem('partial_image', [index, artifact.bytes, `",${members(facts)}`])];
      }
      if (outcome?.kind !== 'published') return [];
      return [
        ofItem('completed'),
        event('response.output_item.done', ['"output_index":0,"item":', ...call(details, artifact)]),
        event('response.completed', ['"response":', ...whole(outcome, artifacts)]),
      ];
    },
    closing: () => [],
  };
}

function responseHead(submission: Submission, asked: ResponsesEcho, { id, status }: { readonly id: string; readonly status: Step }) {
  return {
    id,
    object: 'response',
    created_at: Math.floor(submission.receivedAt.getTime() / 1000),
    status: status === 'completed' ? 'completed' : 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: asked.instructions,
    max_output_tokens: null,
    metadata: asked.metadata,
    model: asked.model,
    parallel_tool_calls: false,
    previous_response_id: asked.previousResponse,
    temperature: null,
    tool_choice: asked.toolChoice,
    tools: asked.tools,
    top_p: null,
    truncation: 'disabled',
  };
}

/** The members of an object as JSON, without its braces. */
function members(value: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(value).slice(1, -1);
}
