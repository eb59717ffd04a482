import { once } from 'node:events';
import { readSigning } from '../../compose/open-signing.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { createSignerServer } from '../../http/signer-server.ts';
import { createOutbound } from '../../outbound/outbound.ts';
import { createLogger, describeError } from '../../telemetry/telemetry.ts';
import { type Command, EXIT, parseCommandLine, UsageError } from '../command.ts';

export const signer: Command = {
  name: 'signer',
  usage: ['imprimatur signer serve [--listen HOST:PORT] [--config FILE]'],
  about:
    'A signing server: holds the keys of "signers" in its configuration, in a process of its own, and signs claims for gateways that have "signerToken".',
  async run(args, context) {
    const { positionals, options, config } = parseCommandLine(args, context, ['listen']);
    if (positionals[0] !== 'serve') throw new UsageError('Say serve.');
    const { signerToken, signers } = config.values;
    if (signerToken === undefined || signers.length === 0) {
      throw new ImprimaturError('CONFIG_INVALID', { detail: 'A signing server needs "signers" and IMPRIMATUR_SIGNER_TOKEN.' });
    }
    const elsewhere = signers.filter(({ remote }) => remote !== undefined).map(({ name }) => name);
    if (elsewhere.length > 0) {
      throw new ImprimaturError('CONFIG_INVALID', {
        detail: `The key of ${elsewhere.join(', ')} is in another signing server ("remote"). A signing server holds its keys: give "key" or "keyPem".`,
      });
    }
    const log = createLogger(config.values.logLevel);
    const outbound = createOutbound();
    const onRemoteFailure = (name: string, cause: string) => log.error({ event: 'signer.failed', signer: name, cause });
    const { signers: read } = await readSigning(config, { outbound, onStamp: () => undefined, onRemoteFailure });
    const app = createSignerServer({
      signers: read,
      secret: () => signerToken.reveal(),
      onSigned: (key) => log.info({ event: 'claim.signed', key }),
      onFailed: (cause) => log.error({ event: 'claim.not_signed', error: describeError(cause) }),
    });
    const [host = '', port = ''] = (options['listen'] ?? '127.0.0.1:8789').split(/:(?=\d+$)/);
    const url = await app.listen({ host, port: Number(port) });
    context.terminal.out(`Signing for ${read.map(({ name }) => name).join(', ')} on ${url}/sign`);
    await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
    await app.close();
    await outbound.close();
    return EXIT.done;
  },
};
