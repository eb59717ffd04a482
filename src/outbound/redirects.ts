const MAX_HOPS = 3;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

export type NextHop =
  | { readonly kind: 'stay' }
  | { readonly kind: 'follow'; readonly url: URL }
  | { readonly kind: 'refused'; readonly detail: string };

/**
 * What to do with a response of an untrusted GET. The address of the next hop is checked when it is connected to, as
 * that of the first one was. A change from https to http is refused: it would let anyone on the way choose the picture.
 */
export function nextHop({
  status,
  location,
  from,
  hops,
}: {
  readonly status: number;
  readonly location: string | undefined;
  readonly from: URL;
  readonly hops: number;
}): NextHop {
  if (!REDIRECTS.includes(status) || location === undefined) return { kind: 'stay' };
  if (hops >= MAX_HOPS) return { kind: 'refused', detail: `more than ${MAX_HOPS} redirects` };
  if (!URL.canParse(location, from.href)) return { kind: 'refused', detail: 'redirect to an unreadable address' };
  const url = new URL(location, from);
  if (from.protocol === 'https:' && url.protocol === 'http:') return { kind: 'refused', detail: 'redirect from https to http' };
  return { kind: 'follow', url };
}

/** Why this URL is not fetched at all, or null. Applies to both kinds of trust and to every hop. */
export function urlProblem(url: URL, ports?: readonly number[]): string | null {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `scheme ${url.protocol} is not http`;
  if (url.username !== '' || url.password !== '') return 'credentials in the address';
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (ports?.includes(port) === false) return `port ${port} is not asked`;
  return null;
}
