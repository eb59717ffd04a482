import type { LabeledText } from '../../detectors/containers/container-report.ts';
import type { Generator, GeneratorMention } from './file-metadata.ts';

interface Trace {
  readonly tool: Generator;
  /** Matches the field's label. */
  readonly where: RegExp;
  /** Matches its text; left out when the field alone is enough. */
  readonly text?: RegExp;
  /** The first group is the model's name. */
  readonly model?: RegExp;
  /** The field holds, or may hold, a prompt. */
  readonly hasPrompt?: boolean;
}

const COMFY_GRAPH = /"class_type"\s*:/;
const COMFY_CHECKPOINT = /"(?:ckpt_name|unet_name)"\s*:\s*"([^"]{1,200})"/;
const A1111_SETTINGS = /\bSteps: \d+, (?:Sampler|Schedule)/;
const A1111_MODEL = /\bModel: ([^,\n]{1,200})/;

/** What programs write, as published in their source or seen in their files; the first that fits a field counts. */
const TRACES: readonly Trace[] = [
  { tool: 'fooocus', where: /^png:(fooocus_scheme|parameters)$/i, text: /fooocus/i, hasPrompt: true },
  {
    tool: 'automatic1111',
    where: /^(png:parameters|exif:UserComment|gif:comment|alpha:stealth)$/,
    text: A1111_SETTINGS,
    model: A1111_MODEL,
    hasPrompt: true,
  },
  { tool: 'comfyui', where: /^png:(prompt|workflow)$/, text: COMFY_GRAPH, model: COMFY_CHECKPOINT, hasPrompt: true },
  { tool: 'comfyui', where: /^png:workflow$/, text: /"(?:nodes|last_node_id)"\s*:/, hasPrompt: true },
  // Its WebP writer puts `prompt:{…}` and `workflow:{…}` into the fields of the camera.
  {
    tool: 'comfyui',
    where: /^exif:(Make|Model|ImageDescription)$/,
    text: /^(?:prompt|workflow):\s*\{/i,
    model: COMFY_CHECKPOINT,
    hasPrompt: true,
  },
  {
    tool: 'invokeai',
    where: /^png:(invokeai_metadata|invokeai_graph|invokeai_workflow|sd-metadata|dream)$/i,
    model: /"(?:model_name|name)"\s*:\s*"([^"]{1,200})"/,
    hasPrompt: true,
  },
  {
    tool: 'novelai',
    where: /^(png:(Software|Source)|exif:Software|alpha:\w+)$/,
    text: /NovelAI/,
    model: /"?Source"?\s*:\s*"([^"]{1,200})"/,
  },
  { tool: 'novelai', where: /^png:Title$/, text: /^(?:NovelAI generated image|AI generated image)$/ },
  { tool: 'other-ai', where: /^alpha:stealth$/, hasPrompt: true },
  {
    tool: 'midjourney',
    where: /^(png:Description|exif:ImageDescription|xmp:dc:description)$/,
    text: /\bJob ID: [0-9a-f]{8}-[0-9a-f-]{27}/i,
    hasPrompt: true,
  },
  {
    tool: 'stability',
    where: /^(png:Software|exif:Software|xmp:CreatorTool)$/,
    text: /\b(?:Stability AI|DreamStudio|Stable ?Diffusion)\b/i,
  },
];

/** Names in the fields for "made with", in any file format. */
const MAKERS: readonly { readonly tool: Generator; readonly text: RegExp }[] = [
  { tool: 'midjourney', text: /\bmidjourney\b/i },
  { tool: 'dall-e', text: /\b(?:DALL[·.\-\u00b7 ]?E|ChatGPT|OpenAI|gpt-image)\b/i },
  { tool: 'firefly', text: /\b(?:adobe )?firefly\b/i },
  { tool: 'google-ai', text: /\b(?:made with google ai|imagen|gemini)\b/i },
  {
    tool: 'other-ai',
    text: /\b(?:AI[- ]generated|ideogram|leonardo\.ai|bing image creator|image creator from (?:microsoft )?designer|flux\.1|recraft|krea|grok)\b/i,
  },
];
const MAKER_FIELDS = /^(png:(Software|Author|Source)|exif:(Software|Artist|Make)|xmp:(CreatorTool|Credit|AISystemUsed|creator))$/;

const MAX_MENTIONS = 16;
const MAX_MODEL_CHARS = 200;

/** Every program that a file's fields name, once for each field. No text of the file is repeated but the model's name. */
export function generatorMentions(fields: readonly LabeledText[]): GeneratorMention[] {
  const mentions = fields.flatMap((field): GeneratorMention[] => {
    const trace = TRACES.find(({ where, text }) => where.test(field.label) && (text === undefined || text.test(field.text)));
    if (trace !== undefined) {
      const model = trace.model?.exec(field.text)?.[1]?.slice(0, MAX_MODEL_CHARS) ?? null;
      return [{ tool: trace.tool, where: field.label, model, hasPrompt: trace.hasPrompt === true }];
    }
    const maker = MAKER_FIELDS.test(field.label) ? MAKERS.find(({ text }) => text.test(field.text.slice(0, MAX_MODEL_CHARS))) : undefined;
    return maker === undefined ? [] : [{ tool: maker.tool, where: field.label, model: null, hasPrompt: false }];
  });
  return mentions.slice(0, MAX_MENTIONS);
}
