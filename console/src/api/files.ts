import { sessionFetch } from './client.ts';
import { failureFrom } from './failure.ts';

/** Asks for a file and hands it to the browser to keep. Its headers say what the gateway tells beside it. @throws ApiFailure */
export async function download(path: string, name: string, body?: unknown): Promise<Headers> {
  const asked = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await sessionFetch(
    new Request(new URL(path, location.origin), { credentials: 'same-origin', cache: 'no-store', ...asked }),
  );
  if (!response.ok) throw failureFrom(response.status, await response.json().catch(() => null));
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return response.headers;
}

/** Sends a file as it is. @throws ApiFailure */
export async function sendFile(path: string, file: File): Promise<unknown> {
  const response = await sessionFetch(
    new Request(new URL(path, location.origin), {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/octet-stream' },
      body: file,
    }),
  );
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw failureFrom(response.status, answer);
  return answer;
}

/** A file as base64, in slices that fit the call stack. */
export async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 32_768) binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(binary);
}
