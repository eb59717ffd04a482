import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { Bench, type Upstream } from '../../models/upstream.fixture.ts';
import type { ClassifierSettings } from './classifier-kinds.ts';
import { classifierSchema, createDialect } from './classifier-kinds.ts';
import { type ExternalClassifier, guardClassifier } from './guarded-classifier.ts';

/** A recorded answer of a service, by its file in `fixtures`. */
export function recorded(name: string): Buffer {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
}

/** Gives a recorded answer with status 200 and the type that its ending says. */
export function play(name: string, status = 200, headers: Record<string, string> = {}) {
  const type = name.endsWith('.html') ? 'text/html; charset=utf-8' : 'application/json';
  return (response: ServerResponse) => response.writeHead(status, { 'content-type': type, ...headers }).end(recorded(name));
}

/** Settings of each kind for a server on this machine. */
export const KINDS = {
  'openai-moderation': (url: string) => ({ kind: 'openai-moderation', baseUrl: url }),
  'azure-content-safety': (url: string) => ({ kind: 'azure-content-safety', endpoint: url }),
  'llama-guard': (url: string) => ({ kind: 'llama-guard', baseUrl: url, model: 'guard' }),
  'shield-gemma': (url: string) => ({ kind: 'shield-gemma', baseUrl: url, model: 'shield' }),
  http: (url: string) => ({ kind: 'http', url, categories: ['hate', 'ip'] }),
} as const satisfies Record<ClassifierSettings['kind'], (url: string) => object>;

export type Kind = keyof typeof KINDS;

/** Classifiers over real sockets, closed together. */
export class Services extends Bench {
  classifier(kind: Kind, { baseUrl }: Upstream, more: object = {}, clock?: () => number): ExternalClassifier {
    const settings = classifierSchema.parse({ ...KINDS[kind](baseUrl), ...more });
    const dialect = createDialect(settings, () => 'secret-key');
    return guardClassifier({
      name: 'one',
      dialect,
      outbound: this.outbound(),
      limits: settings,
      ...(clock === undefined ? {} : { clock }),
    });
  }
}
