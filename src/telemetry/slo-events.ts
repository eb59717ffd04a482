import { Gauge, type Registry } from 'prom-client';

/** One objective in one window, as the database counted it. */
export interface MeasuredSlo {
  readonly slo: string;
  readonly objective: number;
  readonly window: string;
  readonly good: number;
  readonly bad: number;
  /** Null: nothing happened. */
  readonly burn: number | null;
}

/** What is told of objectives. */
export interface SloEvents {
  sloMeasured(measured: readonly MeasuredSlo[]): void;
}

/** Every process tells the same of one database: take `max`, never `sum`. */
export function createSloEvents(registry: Registry): SloEvents {
  const registers = [registry];
  const objective = new Gauge({
    name: 'imprimatur_slo_objective',
    help: 'The share of events that has to be good.',
    labelNames: ['slo'],
    registers,
  });
  const burn = new Gauge({
    name: 'imprimatur_slo_burn_rate',
    help: 'How many times as fast as allowed the error budget is used up, by window. 0 where nothing happened.',
    labelNames: ['slo', 'window'],
    registers,
  });
  const events = new Gauge({
    name: 'imprimatur_slo_events',
    help: 'Events of an objective within a window, good or bad.',
    labelNames: ['slo', 'window', 'result'],
    registers,
  });
  const measuredAt = new Gauge({
    name: 'imprimatur_slo_measured_seconds',
    help: 'When objectives were measured last (seconds since 1970).',
    registers,
  });
  return {
    sloMeasured(measured) {
      for (const { slo, objective: wanted, window, good, bad, burn: rate } of measured) {
        objective.set({ slo }, wanted);
        burn.set({ slo, window }, rate ?? 0);
        events.set({ slo, window, result: 'good' }, good);
        events.set({ slo, window, result: 'bad' }, bad);
      }
      measuredAt.setToCurrentTime();
    },
  };
}
