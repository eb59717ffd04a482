import { type Command, UsageError } from '../command.ts';
import { auditDetectorsCommand } from './audit-detectors.ts';

export const audit: Command = {
  name: 'audit',
  usage: [auditDetectorsCommand.usage],
  about:
    'Fairness: how often the detectors err, by skin tone, sex and age. Writes a page with plots, JSON and CSV, and keeps nothing of the pictures. Exit code 0 when it was measured, whatever was found.',
  async run(args, context) {
    const [what, ...rest] = args;
    if (what === 'detectors') return auditDetectorsCommand.run(rest, context);
    throw new UsageError('Say what is to be audited: detectors.');
  },
};
