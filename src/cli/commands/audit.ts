import { type Command, UsageError } from '../command.ts';
import { auditDetectorsCommand } from './audit-detectors.ts';
import { auditModelCommand } from './audit-model.ts';

const PARTS = { detectors: auditDetectorsCommand, model: auditModelCommand } as const;

export const audit: Command = {
  name: 'audit',
  usage: Object.values(PARTS).map(({ usage }) => usage),
  about:
    'Fairness: how often the detectors err, by skin tone, sex and age, on a labelled folder; and whom a model shows when nobody says whom. Writes a page with plots and JSON, and keeps nothing of the pictures. Exit code 0 when it was measured, whatever was found.',
  async run(args, context) {
    const [what, ...rest] = args;
    if (what === 'detectors' || what === 'model') return PARTS[what].run(rest, context);
    throw new UsageError('Say what is to be audited: detectors, or model.');
  },
};
