import { fileURLToPath } from 'node:url';

/** The least that each kind needs in its configuration besides an address. A kind without an entry fails the tests of all kinds. */
export const LEAST_SETTINGS: Readonly<Record<string, object>> = {
  openai: { upstreamModel: 'gpt-image-2' },
  xai: {},
  stability: { engine: 'ultra' },
  automatic1111: {},
  comfyui: {
    workflow: fileURLToPath(new URL('./comfyui/fixtures/workflow.json', import.meta.url)),
    slots: { prompt: { at: '6.text', type: 'text' } },
    output: '9',
  },
  replicate: { upstreamModel: 'owner/name' },
  fal: { upstreamModel: 'owner/app' },
  bfl: { upstreamModel: 'flux' },
  gemini: { upstreamModel: 'image-model' },
  bedrock: { upstreamModel: 'maker.model-v1:0', family: 'stability' },
};
