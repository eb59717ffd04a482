// The smallest server that speaks imprimatur.look/v1 (docs/plugins.md): it knows nothing of pictures and finds nothing.
// node examples/detectors/look-server.mjs 9000
import { createServer } from 'node:http';

const CONTRACT = 'imprimatur.look/v1';

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { contract, image, categories } = JSON.parse(Buffer.concat(chunks).toString());
  if (contract !== CONTRACT) return response.writeHead(400).end();
  const jpeg = Buffer.from(image, 'base64');
  const scores = Object.fromEntries(categories.map((category) => [category, look(jpeg, category)]));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ contract: CONTRACT, scores }));
}).listen(Number(process.argv[2] ?? 9000), '127.0.0.1');

/** Your detector: 0 is certainly not, 1 is certainly. */
function look(_jpeg, _category) {
  return 0;
}
