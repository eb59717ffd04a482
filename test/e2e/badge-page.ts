import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import ts from 'typescript';

const SOURCE = 'sdk/src/badge';

/** The badge as a site would serve it: each module compiled, its path as the page names it. */
export function badgeModules(): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(SOURCE).map((file) => {
      const { outputText } = ts.transpileModule(readFileSync(`${SOURCE}/${file}`, 'utf8'), {
        compilerOptions: {
          target: ts.ScriptTarget.ES2022,
          module: ts.ModuleKind.ES2022,
          rewriteRelativeImportExtensions: true,
          removeComments: true,
        },
      });
      return [`/badge/${file.replace(/\.ts$/, '.js')}`, outputText];
    }),
  );
}

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

interface SiteParts {
  /** What the policy of the page lets scripts connect to. */
  readonly gateway: string;
  readonly pictures: ReadonlyMap<string, Uint8Array>;
  /** The body of the page at `/`. */
  readonly body: string;
  readonly html?: string;
}

/** A plain page of another origin under a strict Content-Security-Policy: nothing inline, nothing from elsewhere. */
export async function startSite({ gateway, pictures, body, html = 'lang="en"' }: SiteParts): Promise<Site> {
  const modules = badgeModules();
  const page = `<!doctype html><html ${html}><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>News</title>
<link rel="stylesheet" href="/page.css"><script type="module" src="/badge/imprimatur-badge.js"></script><main><h1>News</h1>${body}</main></html>`;
  const style =
    'html{color-scheme:light dark}body{margin:0;font:16px/1.6 system-ui,sans-serif}main{max-width:900px;margin:0 auto;padding:24px}img{display:block;max-width:100%;border-radius:8px}imprimatur-badge{margin:0 16px 24px 0}';
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const picture = pictures.get(path);
    const module = modules.get(path);
    response.setHeader(
      'content-security-policy',
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ${gateway}; require-trusted-types-for 'script'`,
    );
    if (picture !== undefined) response.setHeader('content-type', 'image/png').end(picture);
    else if (module !== undefined) response.setHeader('content-type', 'text/javascript').end(module);
    else if (path === '/page.css') response.setHeader('content-type', 'text/css').end(style);
    else if (path === '/') response.setHeader('content-type', 'text/html').end(page);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
