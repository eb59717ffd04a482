// Run as a process of its own: c2pa-rs in WebAssembly takes the time from `Date`. Arguments: a folder with `picture` and
// `anchors.pem`, and how many months ahead the clock is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [dir = '', months = '0'] = process.argv.slice(2);
const aheadMs = Number(months) * 30.5 * 86_400_000;
const RealDate = Date;
class LaterDate extends RealDate {
  constructor(...given: [] | [number]) {
    super(given.length === 0 ? RealDate.now() + aheadMs : given[0]);
  }
  static override now() {
    return RealDate.now() + aheadMs;
  }
}
Object.assign(globalThis, { Date: LaterDate });

const { createC2paEngine } = await import('../c2pa-engine.ts');
const answer = await createC2paEngine().run(
  {
    kind: 'verify',
    bytes: new Uint8Array(readFileSync(join(dir, 'picture'))),
    format: 'jpeg',
    trustAnchorsPem: readFileSync(join(dir, 'anchors.pem'), 'utf8'),
  },
  () => Promise.reject(new TypeError('verification signs nothing')),
);
console.log(answer.kind === 'read' ? `${answer.report.state} [${answer.report.codes.join(', ')}]` : answer.kind);
