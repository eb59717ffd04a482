import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configMarkdown, envExample } from '../src/config/describe-config.ts';
import { ERROR_CODES } from '../src/contracts/errors.ts';
import { CHECKS } from '../src/detectors/registry.ts';
import { policyJsonSchema } from '../src/policy/document.ts';
import { cards } from '../tools/cards/cards.ts';
import { clocksPage } from '../tools/clocks-page.ts';
import { coveragePage } from '../tools/coverage-page.ts';
import { performancePage } from '../tools/performance/page.ts';
import { rolesPage } from '../tools/roles-page.ts';
import { webhooksPage } from '../tools/webhooks-page.ts';

const read = (path: string) => readFileSync(path, 'utf8');
const files = (dir: string, pattern: RegExp) =>
  readdirSync(dir, { recursive: true })
    .map((path) => `${dir}/${path}`)
    .filter((path) => pattern.test(path));
const exists = (path: string) => statSync(path, { throwIfNoEntry: false }) !== undefined;

const DOCUMENTS = [...readdirSync('.').filter((path) => path.endsWith('.md')), ...files('docs', /\.md$/)];

describe('the documents', () => {
  it.each(DOCUMENTS)('%s names only paths that exist', (document) => {
    const text = read(document);
    const dir = document.includes('/') ? document.slice(0, document.lastIndexOf('/')) : '.';
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => `${dir}/${path}`);
    const paths = [...text.matchAll(/`((?:src|test|tools|docs|policies|bench|bin)\/[\w./-]+)`/g)].map(([, path]) => path ?? '');
    const missing = [...links, ...paths].filter((path) => !exists(path.replace(/\*.*$/, '')));
    expect(missing).toEqual([]);
  });

  it('list every error code, and no other', () => {
    const listed = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` /gm)].map(([, code]) => code);
    expect([...listed].sort()).toEqual([...ERROR_CODES].sort());
  });

  it('say about each error what the catalogue says', () => {
    const source = read('src/contracts/error-catalog.ts') + read('src/contracts/access-errors.ts');
    for (const [, code, status, , retry, message] of read('docs/errors.md').matchAll(
      /^\| `([A-Z_]+)` \| (\d+) \| ([\w_]+) \| (yes|no) \| ([^|]+) \|/gm,
    )) {
      const entry = new RegExp(`\\n  ${code}: \\{[^}]*status: ${status},[^}]*retryable: ${retry === 'yes'},[^}]*\\}`).exec(source)?.[0];
      expect(entry, code).toContain(message?.trim());
    }
  });

  it('are generated from what the code says today (npm run docs)', async () => {
    expect(read('docs/detectors/coverage.md')).toBe(await coveragePage());
    for (const [path, text] of await cards()) expect(read(path), path).toBe(text);
    expect(read('docs/config.md')).toBe(configMarkdown());
    expect(read('.env.example')).toBe(envExample());
    expect(read('docs/performance.md')).toBe(performancePage());
    expect(read('docs/roles.md')).toBe(rolesPage());
    expect(read('docs/clocks.md')).toBe(clocksPage());
    expect(read('docs/webhooks.md')).toBe(webhooksPage());
    expect(JSON.parse(read('policies/policy.schema.json'))).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
  });

  it('have a card for every check', () => {
    expect(CHECKS.map(({ id }) => `docs/detectors/${id}.md`).filter((path) => !exists(path))).toEqual([]);
  });

  it('name no path of a machine and no package registry', () => {
    const tracked = [...DOCUMENTS, ...files('src', /\.ts$/), ...files('tools', /\.(ts|mjs|grit)$/), 'package.json', '.ci/run'];
    // Written apart, so that this file does not name them either.
    const hosts = new RegExp(`${['registry', 'npmjs'].join('\\.')}|${['/work', 'main'].join('/')}|${['/work', 'shared'].join('/')}`);
    expect(tracked.filter((path) => hosts.test(read(path)))).toEqual([]);
  });
});

describe('the house', () => {
  const shipped = files('src', /\.ts$/).filter((path) => !/\.(test|fixture)\.ts$/.test(path));

  it('mints clearance in decide/ and nowhere else', () => {
    const minting = shipped.filter((path) => /is Cleared</.test(read(path)) || /as Cleared</.test(read(path)));
    expect(minting).toEqual(['src/decide/decide.ts']);
  });

  it('lets in through admit/ and nowhere else', () => {
    const letting = shipped.filter((path) => /is Admitted</.test(read(path)) || /as Admitted</.test(read(path)));
    expect(letting).toEqual(['src/admit/admit.ts']);
  });

  it('finds a manifest, and a test that names each of its checks, in every folder of a check', async () => {
    const manifests = files('src/detectors', /^src\/detectors\/[\w-]+\/manifest\.ts$/);
    const listed = manifests.flatMap((path) =>
      [...read(path).matchAll(/id: '([\w-]+)'/g)].map(([, id]) => ({ id: id ?? '', folder: path.replace('/manifest.ts', '') })),
    );
    expect(listed.map(({ id }) => id).sort()).toEqual(CHECKS.map(({ id }) => id).sort());
    const untested = listed.filter(({ id, folder }) => {
      const own = files(folder, /\.test\.ts$/).length > 0;
      return !own && !read('src/detectors/registry.test.ts').includes(id.replace('-', ' '));
    });
    expect(untested).toEqual([]);
  });

  it('reaches models from generate only, and in an audit, whose pictures go nowhere', () => {
    const rendering = shipped.filter((path) => /\.render\(/.test(read(path)) && !path.startsWith('src/models/'));
    expect(rendering.sort()).toEqual(['src/audits/sample-model.ts', 'src/generate/attempts.ts']);
  });

  it('lets generations start in the conductor only, and conducts from one place in the HTTP door', () => {
    expect(shipped.filter((path) => /\b(runPipeline|produce)\(/.test(read(path))).sort()).toEqual(['src/conductor.ts', 'src/pipeline.ts']);
    expect(shipped.filter((path) => /\.conduct\(/.test(read(path)))).toEqual(['src/http/answer-generation.ts']);
  });

  it('has a test beside or above every folder of capabilities', () => {
    const folders = readdirSync('src').filter((name) => statSync(`src/${name}`).isDirectory());
    const tested = new Set(
      [...files('src', /\.test\.ts$/), ...files('test', /\.test\.ts$/)].flatMap((path) =>
        [path.split('/')[1], ...read(path).matchAll(/\/src\/([\w-]+)\//g)].map((one) => (typeof one === 'string' ? one : one?.[1])),
      ),
    );
    expect(folders.filter((folder) => !tested.has(folder) && folder !== 'contracts')).toEqual([]);
  });

  it('keeps files short enough to have one reason', () => {
    const long = shipped.filter((path) => read(path).split('\n').length > 220);
    expect(long).toEqual([]);
  });
});
