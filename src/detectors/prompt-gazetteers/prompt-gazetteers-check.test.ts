import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PACKS_DIR } from '../../packs.ts';
import { loadGazetteer } from '../../prompts/gazetteers/load-gazetteer.ts';
import { standardWordBook } from '../../prompts/reading/word-book.ts';
import { NOBODY_OPTED_OUT } from '../../registries/opt-outs/opt-out-names.ts';
import { createPromptGazetteers } from './prompt-gazetteers-check.ts';

it('reports a name in the prompt as a signal, and its packs in its version', async () => {
  const gazetteer = await loadGazetteer({
    shippedDir: join(PACKS_DIR, 'gazetteers'),
    without: [],
    operatorPacks: [],
    trust: { publicKeys: [], allowUnsigned: false },
  });
  const check = createPromptGazetteers({ gazetteer, optOuts: NOBODY_OPTED_OUT, promptJudge: { book: standardWordBook() } });
  expect(check.version).toContain('public-figures@');
  const input = { subject: { kind: 'prompt' as const }, prompt: 'a photo of Taylor Swift', surface: 'api' };
  expect(await check.detect(input, new AbortController().signal)).toEqual({
    kind: 'signals',
    signals: [expect.objectContaining({ category: 'real_person_likeness', score: 0.5, reason: 'gazetteer:public_person' })],
  });
});
