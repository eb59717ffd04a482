import { parentPort } from 'node:worker_threads';
import { createC2paEngine } from './c2pa-engine.ts';
import type { EngineAnswer, FromEngine, ToEngine } from './engine-messages.ts';

/**
 * The thread's side of `EngineThread`: one job at a time, and for a signature it asks the main thread, where the signer lives.
 */
if (parentPort === null) throw new TypeError('engine-thread runs as a worker thread only');
const port = parentPort;
const engine = createC2paEngine();
let resumeWithCose: (cose: Uint8Array<ArrayBuffer> | null) => void = () => {};

function tell(message: FromEngine, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, [...transfer]);
}

async function signClaim(claim: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  tell({ kind: 'claim', claim: new Uint8Array(claim) });
  const cose = await new Promise<Uint8Array<ArrayBuffer> | null>((resolve) => {
    resumeWithCose = resolve;
  });
  if (cose === null) throw new Error('the claim was not signed');
  return cose;
}

async function answerTo(request: Extract<ToEngine, { kind: 'run' }>['request']): Promise<{ answer: EngineAnswer; poisoned: boolean }> {
  try {
    return { answer: await engine.run(request, signClaim), poisoned: false };
  } catch (error) {
    return { answer: { kind: 'failed', reason: error instanceof Error ? error.message.slice(0, 200) : 'trap' }, poisoned: true };
  }
}

port.on('message', async (message: ToEngine) => {
  if (message.kind === 'cose') return resumeWithCose(message.cose);
  const { answer, poisoned } = await answerTo(message.request);
  const transfer = answer.kind === 'signed' && answer.bytes.buffer instanceof ArrayBuffer ? [answer.bytes.buffer] : [];
  tell({ kind: 'answer', answer, poisoned, memoryBytes: engine.memoryBytes() }, transfer);
});
tell({ kind: 'ready' });
