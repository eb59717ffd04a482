import { stringify } from 'yaml';
import { type BurnRule, burnRules, FEWEST_EVENTS, SLOS, type Slo } from '../../src/operations/slos.ts';

/** `deploy/prometheus/imprimatur.rules.yml`, whole: the alarms of each objective, and of what keeps them from being measured. */
export function prometheusRules(): string {
  const groups = [
    { name: 'imprimatur-objectives', rules: SLOS.flatMap((slo) => burnRules(slo).map((rule) => burnAlert(slo, rule))) },
    { name: 'imprimatur-health', rules: HEALTH },
  ];
  const head =
    '# Generated from src/operations/slos.ts by `npm run docs`. Every process of a gateway exports the same of one database: max, never sum.\n';
  return head + stringify({ groups }, { lineWidth: 140 });
}

function burnAlert({ id, name, promise, objective }: Slo, { severity, long, short, factor }: BurnRule) {
  const burn = (window: string) => `max by (slo) (imprimatur_slo_burn_rate{slo="${id}",window="${window}"}) > ${factor}`;
  const events = `sum by (slo) (max by (slo, result) (imprimatur_slo_events{slo="${id}",window="${long}"})) >= ${FEWEST_EVENTS}`;
  return {
    alert: 'ImprimaturObjectiveBurns',
    expr: [burn(long), burn(short), events].join(' and '),
    labels: { severity, slo: id, long_window: long },
    annotations: {
      summary: `${name} is missing its objective`,
      description: `${name}, ${promise} for ${Math.round(objective * 1_000) / 10} %: within ${long} the error budget burns {{ $value | printf "%.1f" }} times as fast as it may. See docs/operations.md.`,
    },
  };
}

const HEALTH = [
  {
    alert: 'ImprimaturDown',
    expr: 'up{job="imprimatur"} == 0 or absent(up{job="imprimatur"})',
    for: '2m',
    labels: { severity: 'page' },
    annotations: {
      summary: 'No gateway answers',
      description: 'A gateway has not been scraped for two minutes. Nothing leaves while it is down.',
    },
  },
  {
    alert: 'ImprimaturObjectivesBlind',
    expr: 'time() - max(imprimatur_slo_measured_seconds) > 300',
    for: '5m',
    labels: { severity: 'page' },
    annotations: {
      summary: 'Objectives are not measured',
      description: 'No gateway has counted for five minutes: silence of the other alarms means nothing.',
    },
  },
  {
    alert: 'ImprimaturStagesBreak',
    expr: 'sum(rate(imprimatur_stage_failures_total[10m])) > 0.05 * sum(rate(imprimatur_generations_total[10m]))',
    for: '5m',
    labels: { severity: 'page' },
    annotations: { summary: 'Generations break off', description: 'More than one generation in twenty broke off within ten minutes.' },
  },
  {
    alert: 'ImprimaturChecksCannotTell',
    expr: 'sum by (check) (rate(imprimatur_check_failures_total[10m])) > 0.1',
    for: '10m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: 'A check cannot tell',
      description: '{{ $labels.check }} fails again and again; what it would have looked at is held.',
    },
  },
  {
    alert: 'ImprimaturLedgerFails',
    expr: 'increase(imprimatur_ledger_failures_total[15m]) > 3',
    for: '5m',
    labels: { severity: 'ticket' },
    annotations: { summary: 'The ledger falls behind', description: 'The sequencer failed more than three times in fifteen minutes.' },
  },
];
