import { z } from 'zod';

const operation = z.looseObject({
  summary: z.string().default(''),
  'x-makes-pictures': z.array(z.string()).optional(),
  requestBody: z.looseObject({ content: z.record(z.string(), z.unknown()) }).optional(),
});
const documentSchema = z.looseObject({ paths: z.record(z.string(), z.looseObject({ post: operation.optional() })) });

/** One way to a model. */
export interface PictureWay {
  readonly path: string;
  /** `application/json` or `multipart/form-data`. */
  readonly body: string;
  readonly answer: string;
  readonly summary: string;
}

/** Every way to a model that an OpenAPI document of ours names. @throws ZodError when it is no such document */
export function pictureWays(openapi: unknown): readonly PictureWay[] {
  const { paths } = documentSchema.parse(openapi);
  return Object.entries(paths).flatMap(([path, { post }]) =>
    Object.keys(post?.requestBody?.content ?? {}).flatMap((body) =>
      (post?.['x-makes-pictures'] ?? []).map((answer) => ({ path, body, answer, summary: post?.summary ?? '' })),
    ),
  );
}

/** `docs/surfaces.md`. */
export function surfacesPage(ways: readonly PictureWay[]): string {
  const rows = ways.map(({ path, body, answer, summary }, i) => `| ${i + 1} | \`POST ${path}\` | ${body} | ${answer} | ${summary} |`);
  return `# Ways to a model

<!-- Made by \`npm run docs\` from the routes. -->

Every way below ends in the same pipeline (\`src/pipeline.ts\`), whose order and checks no route can change. \`test/e2e/surface-contract.test.ts\` asks each of
them the same questions, one that is harmless, one that policy blocks, one that it holds, and one whose picture is blocked, and fails when a way is missing
there, or decides, records or says anything else. The red team does the same from outside (\`redteam/src/probes/doors.ts\`).

| | route | body | answer | |
|---:|---|---|---|---|
${rows.join('\n')}

Two more ways lead to a model without a request of their own: a person's release of a held prompt (\`POST /v1/cases/{id}/decisions\`), and the repetition of
an earlier request (an idempotency key, or an SDK's retry), which gets the earlier answer and reaches no model.

## What each dialect says

- **Images API**: OpenAI's own, JSON or a form. Partial pictures in a stream are judged and signed like whole ones.
- **Responses API**: the \`image_generation\` tool and no other, because there is no language model here. Instructions and whatever users, developers and systems
  said, in order, are the prompt: what is judged is what is sent. The assistant's own words are neither. Pictures of the input, of \`image_generation_call\` items
  and of \`previous_response_id\` (an answer of this gateway to the same key) are edited, unless the tool's \`action\` is \`generate\`. Only data URLs: a remote
  address could give the model another picture than the one that was checked.
- **Chat completions**: the same reading of \`messages\`; pictures come in \`message.images\` as data URLs, one choice for each. Parameters of language models
  (\`temperature\` and the like) are dropped; a request for words (\`modalities\` without \`image\`, \`tools\`) is refused.

A refusal is the same on all of them: an HTTP error with OpenAI's error object before the first frame, an error event after it. A job shows it as its error.
`;
}
