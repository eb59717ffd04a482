/** Answers of `POST /v1/verify` for the page's states, as the gateway gives them. */
type Json = Readonly<Record<string, unknown>>;

const metadata: Json = {
  state: 'read',
  format: 'png',
  widthPx: 64,
  heightPx: 64,
  problems: [],
  sourceType: null,
  dataMining: null,
  generators: [],
  aiSystem: null,
  tc260: null,
  creatorTool: null,
  credit: null,
  camera: null,
  watermarks: [],
};
const step = (title: string, signer: string | null, state: string, inputs: readonly Json[] = [], codes: readonly string[] = []): Json => ({
  title,
  mediaType: 'image/jpeg',
  relationship: 'parentOf',
  generator: null,
  signer,
  sourceTypes: [],
  actions: [],
  state,
  codes,
  inputs,
});
const none: Json = {
  verdict: 'none',
  sha256: '00',
  origin: { made: 'unknown', by: null, strength: 'none', basis: [] },
  c2pa: { state: 'none', codes: [], inputCodes: [], signer: null, generatedBy: null, claims: null, when: null, history: null },
  watermark: { state: 'absent', mark: null, foreign: [] },
  record: null,
  recovered: null,
  metadata,
};
const record: Json = {
  artifact_id: 'art_01',
  generation_id: 'gen_01',
  published_sha256: '00',
  published_at: '2026-11-21T12:00:00.000Z',
  surface: 'chat',
  model: 'gpt-image-2',
  operation: 'generate',
  state: 'published',
  decision_id: 'dec_01',
  policy: 'standard@1.0.0',
  takedown: null,
};
const c2pa = (state: string, organization: string, history: Json | null): Json => ({
  state,
  codes: [],
  inputCodes: [],
  signer: { organization, commonName: null },
  generatedBy: null,
  claims: null,
  when: null,
  history,
});
const ours = { origin: { made: 'generated', by: 'gpt-image-2', strength: 'proved', basis: ['record'] }, record };

const untouched = {
  scale: [1, 1],
  rotation_degrees: 0,
  mirrored: false,
  inverted: false,
  part: { left: 0, top: 0, width: 1, height: 1 },
};
const marked = (of: string, picture: string, transform: Json = untouched): Json => ({
  state: 'found',
  mark: {
    payload: '0011223344556677',
    key_epoch: 1,
    of,
    artifact_id: of === 'artifact' ? 'art_01j00000000000000000000001' : null,
    picture,
    agreement: 0.97,
    false_positive_bound: 1e-10,
    transform,
  },
  foreign: [],
});
const screenshot = {
  scale: [0.61, 0.61],
  rotation_degrees: -90,
  mirrored: true,
  inverted: false,
  part: { left: 0, top: 0.2, width: 1, height: 0.5 },
};

export const REPORTS = {
  intact: {
    ...none,
    watermark: marked('artifact', 'same'),
    ...ours,
    verdict: 'ours-intact',
    c2pa: c2pa('trusted', 'Example Media', step('a.png', 'Example Media', 'intact')),
  },
  altered: {
    ...none,
    ...ours,
    verdict: 'ours-altered',
    origin: { ...ours.origin, strength: 'claimed' },
    c2pa: c2pa('invalid', 'Example Media', step('a.png', 'Example Media', 'broken')),
  },
  recovered: {
    ...none,
    ...ours,
    verdict: 'ours-recovered',
    origin: { ...ours.origin, strength: 'claimed' },
    recovered: { how: 'watermark', similarity: 97 },
    watermark: marked('artifact', 'same', screenshot),
  },
  taken_down: {
    ...none,
    ...ours,
    verdict: 'ours-intact',
    record: { ...record, takedown: { reason: 'court-order', at: '2026-11-21T13:00:00.000Z' } },
  },
  foreign: {
    ...none,
    verdict: 'foreign',
    origin: { made: 'edited', by: 'Another Studio', strength: 'claimed', basis: ['credential'] },
    c2pa: c2pa(
      'valid',
      'Another Studio',
      step('poster.jpg', 'Another Studio', 'intact', [
        step('harbor-at-dawn-original-scan-with-a-long-name.tif', 'Camera Works', 'intact', [step('film roll 12', null, 'unsigned')]),
        step('paper boats.png', 'Picture Model', 'broken', [], ['assertion.dataHash.mismatch']),
      ]),
    ),
    metadata: { ...metadata, sourceType: 'compositeWithTrainedAlgorithmicMedia', dataMining: 'DMI-PROHIBITED-AIMLTRAINING' },
  },
  copied: { ...none, watermark: marked('artifact', 'different') },
  unsure: { ...none, watermark: marked('artifact', 'unsure') },
  reviewer: { ...none, watermark: marked('review-copy', 'unsure') },
  unrecorded: { ...none, watermark: marked('unrecorded', 'unsure', { ...untouched, scale: [1.5, 1.5], inverted: true }) },
  unseen: { ...none, watermark: { state: 'unreadable', mark: null, foreign: null } },
  says: {
    ...none,
    origin: { made: 'generated', by: 'automatic1111', strength: 'claimed', basis: ['metadata', 'watermark'] },
    watermark: {
      state: 'absent',
      mark: null,
      foreign: [{ name: 'stable-diffusion', variant: 'SDXL', correlation: 0.97, falsePositiveBound: 1e-9 }],
    },
    metadata: { ...metadata, generators: [{ tool: 'automatic1111', where: 'png:parameters', model: 'sd_xl_base_1.0', hasPrompt: true }] },
  },
  none,
} as const;
