// Preloaded into a peer that would listen on every address: a measurement opens no door to the network.
import { Server } from 'node:net';

const listen = Server.prototype.listen;
Server.prototype.listen = function listenOnLoopback(first, ...rest) {
  const callback = rest.find((one) => typeof one === 'function');
  const options = typeof first === 'object' && first !== null ? { ...first } : { port: Number(first) };
  return listen.call(this, { ...options, host: '127.0.0.1' }, ...(callback === undefined ? [] : [callback]));
};
