/**
 * An image model that answers at once, on loopback: OpenAI's wire, fixed answers, no thinking. It is the floor that a
 * gateway is measured against. Prints its port as JSON and ends with the process that started it.
 *
 * The end of the model's name says what comes: `small` a 64×64 picture (16 KB of base64), `full` a 1024×1024 one (4.2 MB), every
 * other a 512×640 one (1.31 MB).
 */
import { createServer, type ServerResponse } from 'node:http';
import { endWithParent, listenOnLoopback } from './child-process.ts';
import { noisePicture } from './noise-picture.ts';

function answer(picture: Buffer): Buffer {
  return Buffer.from(
    JSON.stringify({
      created: 1_700_000_000,
      background: 'opaque',
      output_format: 'png',
      quality: 'high',
      size: '1024x1024',
      data: [{ b64_json: picture.toString('base64') }],
      usage: { input_tokens: 12, input_tokens_details: { image_tokens: 0, text_tokens: 12 }, output_tokens: 4160, total_tokens: 4172 },
    }),
  );
}

const ANSWERS = { full: answer(noisePicture(1024, 1024)), small: answer(noisePicture(64, 64)), picture: answer(noisePicture(512, 640)) };

function answerTo(request: Buffer): Buffer {
  if (request.includes('small"')) return ANSWERS.small;
  return request.includes('full"') ? ANSWERS.full : ANSWERS.picture;
}

function send(response: ServerResponse, status: number, body: Buffer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length, 'x-request-id': 'req_mock' });
  response.end(body);
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (piece: Buffer) => chunks.push(piece));
  request.on('end', () => {
    if (request.url !== '/v1/images/generations') return send(response, 404, Buffer.from('{"error":{"message":"unknown path"}}'));
    return send(response, 200, answerTo(Buffer.concat(chunks)));
  });
});
server.keepAliveTimeout = 60_000;
endWithParent();
process.stdout.write(`${JSON.stringify({ url: await listenOnLoopback(server) })}\n`);
