import { coveredUntil, dueAlarms } from '../provenance/signing/expiry-alarm.ts';
import type { SignerRing } from '../provenance/signing/signer-ring.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

const LOOK_EVERY_MS = 3_600_000;

/** Logs 30, 7 and 1 days before a signer stops, at once and then hourly, and keeps a metric for alerts. */
export function watchExpiry(ring: SignerRing, { log, watch }: Pick<Telemetry, 'log' | 'watch'>) {
  const told = new Set<string>();
  const look = () => {
    for (const { signer, days, until, successor } of dueAlarms(ring.signers(), new Date(), told)) {
      const level = successor !== null ? 'info' : days > 1 ? 'warn' : 'error';
      log[level]({ event: 'signer.expires', signer, days, until: until.toISOString(), successor });
    }
  };
  look();
  watch('imprimatur_signing_covered_seconds', 'How long credentials can still be signed without a new certificate.', () => {
    const now = new Date();
    return (coveredUntil(ring.signers(), now).getTime() - now.getTime()) / 1_000;
  });
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return { look, stop: async () => clearInterval(timer) };
}
