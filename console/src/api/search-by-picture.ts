import type { SearchResults } from './answers.ts';
import { sessionFetch } from './client.ts';
import { failureFrom } from './failure.ts';

/** Asks by a picture. A form, which the typed client does not speak. @throws ApiFailure */
export async function searchByPicture(picture: File): Promise<SearchResults> {
  const body = new FormData();
  body.set('image', picture);
  const response = await sessionFetch(
    new Request(new URL('/v1/search', location.origin), { method: 'POST', body, credentials: 'same-origin' }),
  );
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw failureFrom(response.status, answer);
  return answer;
}
