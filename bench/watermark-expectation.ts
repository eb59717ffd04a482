/**
 * What the embedder of the invisible watermark expects of a mark, beside what came of it, on pictures that are hard to mark.
 *
 *   npx tsx bench/run.ts watermark-expectation --photos FOLDER
 */
import { parseArgs } from 'node:util';
import { writeResult } from './results.ts';
import { measureExpectation } from './watermark/expectation.ts';
import { readPhotos } from './watermark/pixels.ts';

const { values } = parseArgs({ options: { photos: { type: 'string' } } });
if (values.photos === undefined) {
  process.stderr.write('Name a folder of photographs: --photos FOLDER\n');
  process.exit(64);
}
await writeResult('watermark-expectation', await measureExpectation(await readPhotos(values.photos)));
