import type { FastifyRequest } from 'fastify';

/** The languages in which to answer, as an `Accept-Language`: first what the platform says of the end user, then what the program asks for. */
export function languagesOf({ principal, headers }: FastifyRequest): { readonly acceptLanguage?: string } {
  const locale = principal?.kind === 'caller' ? principal.caller.user?.locale : undefined;
  const wished = [locale, headers['accept-language']].filter((one) => typeof one === 'string');
  return wished.length === 0 ? {} : { acceptLanguage: wished.join(', ') };
}
