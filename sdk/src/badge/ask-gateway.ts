/** What the gateway says about a picture; every text of it is a stranger's and only ever shown as text. */
export interface Credential {
  /** `intact`: this very file. `reattached`: the same, without its credential. `likeness`: that it is this picture is not proved. */
  readonly how: 'intact' | 'reattached' | 'likeness';
  readonly isSignatureGood: boolean;
  readonly made: 'generated' | 'edited';
  readonly signer: string | null;
  readonly model: string | null;
  readonly at: Date | null;
  /** Where a person can look for themselves; at the gateway itself. */
  readonly verifyUrl: string;
}

/** `none`: the gateway knows nothing of it, which says nothing about who made it. `failed`: could not tell. */
export type Answer = { readonly kind: 'found'; readonly credential: Credential } | { readonly kind: 'none' } | { readonly kind: 'failed' };

export interface Question {
  /** Address of the picture, as the page shows it. */
  readonly src: string;
  readonly gateway: string;
  /** Sends the picture itself when its hash is not known. */
  readonly mayUpload: boolean;
  readonly signal: AbortSignal;
}

const MAX_BYTES = 50_000_000;
const MAX_TEXT_CHARS = 120;

/**
 * Hashes the picture here and asks by hash, without cookies and without saying which page asks: of a picture that is not its own the gateway
 * learns nothing. Never rejects.
 */
export async function askGateway({ src, gateway, mayUpload, signal }: Question): Promise<Answer> {
  try {
    const bytes = await readPicture(src, signal);
    if (bytes === null) return { kind: 'failed' };
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    const base = gateway.replace(/\/+$/, '');
    const byHash = await read(await ask(`${base}/v1/credentials/${sha256}`, { signal }), base);
    if (byHash.kind !== 'none' || !mayUpload) return byHash;
    const upload = { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: bytes, signal };
    return await read(await ask(`${base}/v1/credentials`, upload), base);
  } catch {
    return { kind: 'failed' };
  }
}

function ask(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, { ...init, credentials: 'omit', referrerPolicy: 'no-referrer' });
}

/** A second time past the cache: what a browser cached for an `<img>` may lack the header that lets a script read it. */
async function readPicture(src: string, signal: AbortSignal): Promise<ArrayBuffer | null> {
  const response = await fetch(src, { signal }).catch(() => fetch(src, { signal, cache: 'reload' }));
  if (!response.ok || Number(response.headers.get('content-length') ?? 0) > MAX_BYTES) return null;
  const bytes = await response.arrayBuffer();
  return bytes.byteLength > MAX_BYTES ? null : bytes;
}

async function read(response: Response, base: string): Promise<Answer> {
  if (response.status === 404) return { kind: 'none' };
  // 415: the gateway cannot open it, so it cannot be a picture of its own.
  if (response.status === 415) return { kind: 'none' };
  if (!response.ok) return { kind: 'failed' };
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null || !('object' in answer) || answer.object !== 'credential') return { kind: 'failed' };
  const told = new Map<string, unknown>(Object.entries(answer));
  const text = (name: string) => {
    const value = told.get(name);
    return typeof value === 'string' && value !== '' ? value.slice(0, MAX_TEXT_CHARS) : null;
  };
  const how = text('how');
  const at = new Date(text('at') ?? Number.NaN);
  return {
    kind: 'found',
    credential: {
      how: how === 'intact' || how === 'reattached' ? how : 'likeness',
      isSignatureGood: text('signature') === 'trusted',
      made: text('made') === 'edited' ? 'edited' : 'generated',
      signer: text('signer'),
      model: text('model'),
      at: Number.isNaN(at.getTime()) ? null : at,
      verifyUrl: `${base}/verify`,
    },
  };
}
