import { z } from 'zod';

const operation = z.object({
  tags: z.array(z.string()).default([]),
  summary: z.string().default(''),
  description: z.string().optional(),
  security: z.array(z.unknown()).optional(),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: z.looseObject({}) })) }).optional(),
});
const openApi = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string().default('') }),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()).default({}) }).default({ schemas: {} }),
});

/** The API on one page, from its OpenAPI document; no script, nothing loaded from elsewhere. */
export function docsPage(document: unknown): string {
  const { info, paths, components } = openApi.parse(document);
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, facts]) => ({ path, method, ...facts })),
  );
  const tags = [...new Set(all.flatMap(({ tags: own }) => own))];
  const sections = tags.map(
    (tag) =>
      `<section><h2>${escapeHtml(tag)}</h2>${all
        .filter((one) => one.tags.includes(tag))
        .map((one) => row(one, components.schemas))
        .join('')}</section>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(info.title)} API</title><style>${STYLE}</style></head><body><main>
<h1>${escapeHtml(info.title)} <small>${escapeHtml(info.version)}</small></h1>
<p>${escapeHtml(info.description)} Any OpenAI client works: change its base URL to this server and use a key of a surface.
The machine-readable form is <a href="/openapi.json">/openapi.json</a>.</p>${sections.join('')}</main></body></html>`;
}

function row(
  { path, method, summary, description, security, requestBody }: z.output<typeof operation> & { path: string; method: string },
  schemas: Readonly<Record<string, unknown>>,
): string {
  const isPublic = security?.length === 0;
  const schema = Object.values(requestBody?.content ?? {})[0]?.schema;
  const body = schema === undefined ? '' : bodyOf(Object.keys(requestBody?.content ?? {}), resolve(schema, schemas));
  return `<article><h3><b class="${escapeHtml(method)}">${escapeHtml(method.toUpperCase())}</b> <code>${escapeHtml(path)}</code>${isPublic ? ' <i>no key needed</i>' : ''}</h3>
<p>${escapeHtml(summary)}${description === undefined ? '' : `<br>${escapeHtml(description)}`}</p>${body}</article>`;
}

const bodySchema = z.object({
  required: z.array(z.string()).default([]),
  properties: z.record(z.string(), z.looseObject({ description: z.string().optional(), default: z.unknown().optional() })).default({}),
});

/** Fields as a list that a person can read; the whole schema stands in /openapi.json. */
function bodyOf(types: readonly string[], schema: unknown): string {
  const { required, properties } = bodySchema.parse(schema);
  const rows = Object.entries(properties).map(
    ([name, facts]) =>
      `<tr><th scope="row"><code>${escapeHtml(name)}</code>${required.includes(name) ? ' <i>required</i>' : ''}</th><td>${escapeHtml(sayType(facts))}${facts.description === undefined ? '' : `<br>${escapeHtml(facts.description)}`}</td></tr>`,
  );
  return `<details><summary>${rows.length} fields, ${escapeHtml(types.join(' or '))}</summary><table>${rows.join('')}</table></details>`;
}

const typed = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxLength: z.number().optional(),
  default: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});

function sayType(facts: unknown): string {
  const { type, format, enum: values, minimum, maximum, maxLength, default: otherwise, anyOf } = typed.parse(facts);
  const kind =
    values?.join(' | ') ?? (format === 'binary' ? 'file' : (anyOf?.map(sayType).join(' or ') ?? [type ?? 'any'].flat().join(' | ')));
  const range = minimum === undefined && maximum === undefined ? '' : `, ${minimum ?? '…'} to ${maximum ?? '…'}`;
  const length = maxLength === undefined ? '' : `, at most ${maxLength} characters`;
  return `${kind}${range}${length}${otherwise === undefined ? '' : `, default ${JSON.stringify(otherwise)}`}`;
}

/** Follows `#/components/schemas/Name`. */
function resolve(schema: Readonly<Record<string, unknown>>, schemas: Readonly<Record<string, unknown>>): unknown {
  const name = String(schema['$ref'] ?? '').replace('#/components/schemas/', '');
  return schemas[name] ?? schema;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `:root{color-scheme:light dark;--rim:#d8dde6;--soft:#5b6472;--accent:#0f5f8a}
@media(prefers-color-scheme:dark){:root{--rim:#323a46;--soft:#9aa5b5;--accent:#7cc4ec}}
body{font:16px/1.55 system-ui,sans-serif;margin:0}main{max-width:52rem;margin:0 auto;padding:2.5rem 1.25rem 5rem}
h1{font-size:1.9rem;margin:0 0 .5rem}small{color:var(--soft);font-weight:400}h2{margin:2.5rem 0 .25rem;font-size:1.15rem}
article{border-top:1px solid var(--rim);padding:.9rem 0}h3{margin:0;font-size:1rem;font-weight:500}h3 b{display:inline-block;min-width:3.4rem;color:var(--accent);font-size:.8rem}
code{font:14px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}p{margin:.3rem 0;color:var(--soft)}i{color:var(--soft);font-size:.85rem}
table{border-collapse:collapse;margin:.5rem 0 .3rem;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem 1rem .35rem 0;border-top:1px solid var(--rim);font-weight:400;color:var(--soft)}th{white-space:nowrap;color:inherit}a{color:var(--accent)}summary{cursor:pointer}`;
