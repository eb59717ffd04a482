import { isLoopback } from '../access/loopback.ts';
import type { Config } from '../config/load-config.ts';
import { ImprimaturError } from '../contracts/errors.ts';

/**
 * What is only for trying out must not be reachable by accident: development certificates and keys, the sign-in by key, and the demo model.
 * @returns what is in use, so that the start can log it when it was allowed explicitly
 * @throws ImprimaturError CONFIG_INVALID on an address that is not loopback, unless `allowDevelopment` is set
 */
export function refuseDevelopmentParts({ values }: Config, hasDevelopmentKeys: boolean): readonly string[] {
  if (isLoopback(values.host)) return [];
  const parts = [
    ...(values.signers.length === 0 ? ['the development certificate authority'] : []),
    ...(values.models.some(({ kind }) => kind === 'demo') ? ['the demo model'] : []),
    ...(hasDevelopmentKeys ? ['development API keys'] : []),
    ...(values.developmentSignIn === true ? ['the development sign-in'] : []),
  ];
  if (values.allowDevelopment || parts.length === 0) return parts;
  throw new ImprimaturError('CONFIG_INVALID', {
    detail:
      `${values.host} can be reached from other machines, and this gateway uses ${parts.join(', ')}. ` +
      'Listen on 127.0.0.1, or set IMPRIMATUR_ALLOW_DEVELOPMENT=true if you know what you do.',
  });
}
