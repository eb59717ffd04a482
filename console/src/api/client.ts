import createClient from 'openapi-fetch';
import { freshSignIn, sessionEnded, setReachable } from './connection.ts';
import { ApiFailure, failureFrom } from './failure.ts';
import type { CheckedPaths } from './paths.ts';

let csrfToken: string | null = null;

/** Taken from `/v1/me`, sent with whatever changes something. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/**
 * `fetch` that knows the session: it sends the token, and tells the page when the session or the network is gone. An act so grave that one signs
 * in once more for it waits for that, and is then sent again.
 */
export async function sessionFetch(request: Request): Promise<Response> {
  const again = request.method === 'GET' ? null : request.clone();
  const response = await ask(request);
  if (again === null || response.status !== 403 || !(await asksForFresh(response.clone()))) return response;
  if (!(await freshSignIn())) return response;
  await renewToken();
  return ask(again);
}

async function ask(request: Request): Promise<Response> {
  if (csrfToken !== null && request.method !== 'GET') request.headers.set('x-csrf-token', csrfToken);
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    setReachable(false);
    throw new ApiFailure(0, 'network', 'The gateway cannot be reached.');
  }
  setReachable(true);
  if (response.status === 401 && !request.url.endsWith('/v1/sign-in/development')) sessionEnded();
  return response;
}

async function asksForFresh(response: Response): Promise<boolean> {
  return failureFrom(response.status, await response.json().catch(() => null)).code === 'reauthentication_required';
}

/** Another sign-in is another session, with a token of its own. */
async function renewToken(): Promise<void> {
  const me: unknown = await (await ask(new Request(new URL('/v1/me', location.origin)))).json().catch(() => null);
  if (typeof me === 'object' && me !== null && 'csrf_token' in me && typeof me.csrf_token === 'string') setCsrfToken(me.csrf_token);
}

/** One typed client for all screens. */
export const api = createClient<CheckedPaths>({ baseUrl: location.origin, credentials: 'same-origin', fetch: sessionFetch });

/** The answer, or the failure thrown. @throws ApiFailure */
export async function answerOf<Answer>(
  sent: Promise<{ data?: Answer | undefined; error?: unknown; response: Response }>,
): Promise<Answer | undefined> {
  const { data, error, response } = await sent;
  if (response.ok) return data;
  throw failureFrom(response.status, error);
}

/** The same where an empty answer would be a fault. @throws ApiFailure */
export async function bodyOf<Answer>(sent: Promise<{ data?: Answer | undefined; error?: unknown; response: Response }>): Promise<Answer> {
  const answer = await answerOf(sent);
  if (answer === undefined) throw new ApiFailure(200, 'empty', 'The gateway answered nothing.');
  return answer;
}

/** The lines of a list; a few routes answer the bare array. */
export function linesOf<Line>(list: { data: Line[] } | Line[]): readonly Line[] {
  return Array.isArray(list) ? list : list.data;
}

/** A picture, as bytes that only this page can show. @throws ApiFailure */
export async function fetchPicture(path: string, init: RequestInit = {}): Promise<Blob> {
  const response = await sessionFetch(
    new Request(new URL(path, location.origin), { credentials: 'same-origin', cache: 'no-store', ...init }),
  );
  if (!response.ok) throw failureFrom(response.status, await response.json().catch(() => null));
  return response.blob();
}
