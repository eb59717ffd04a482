/** `deploy/grafana/imprimatur.json`, whole: how the promises are kept, what goes through, and what breaks. */
export function grafanaDashboard(): string {
  const dashboard = {
    title: 'Imprimatur',
    uid: 'imprimatur',
    tags: ['imprimatur', 'safety'],
    timezone: 'browser',
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-24h', to: 'now' },
    templating: { list: [{ name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Data source' }] },
    panels: PANELS.map(panel),
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

interface PanelPlan {
  readonly title: string;
  readonly about: string;
  readonly unit: 'percentunit' | 'short' | 's' | 'reqps';
  readonly expr: string;
  readonly legend: string;
  readonly kind?: 'stat';
}

const PANELS: readonly PanelPlan[] = [
  {
    title: 'Promises kept, three days',
    about: 'The share of holds, reviews and takedowns that were in time.',
    unit: 'percentunit',
    expr: 'max by (slo) (imprimatur_slo_events{window="3d",result="good"}) / (max by (slo) (imprimatur_slo_events{window="3d",result="good"}) + max by (slo) (imprimatur_slo_events{window="3d",result="bad"}))',
    legend: '{{slo}}',
    kind: 'stat',
  },
  {
    title: 'Burn rate, one hour',
    about: '1: the error budget of 30 days lasts 30 days. 14.4: two days.',
    unit: 'short',
    expr: 'max by (slo) (imprimatur_slo_burn_rate{window="1h"})',
    legend: '{{slo}}',
  },
  {
    title: 'Burn rate, three days',
    about: 'Slow leaks.',
    unit: 'short',
    expr: 'max by (slo) (imprimatur_slo_burn_rate{window="3d"})',
    legend: '{{slo}}',
  },
  {
    title: 'Generations by outcome',
    about: 'How they ended, per second.',
    unit: 'reqps',
    expr: 'sum by (outcome) (rate(imprimatur_generations_total[5m]))',
    legend: '{{outcome}}',
  },
  {
    title: 'Generations by surface',
    about: 'Where they came from, per second.',
    unit: 'reqps',
    expr: 'sum by (surface) (rate(imprimatur_generations_total[5m]))',
    legend: '{{surface}}',
  },
  {
    title: 'Time to the end of a generation, 95th percentile',
    about: 'From the request on, with the model in it.',
    unit: 's',
    expr: 'histogram_quantile(0.95, sum by (le, model) (rate(imprimatur_generation_seconds_bucket[5m])))',
    legend: '{{model}}',
  },
  {
    title: 'Checks that cannot tell',
    about: 'Failed findings per second; what they would have looked at is held.',
    unit: 'reqps',
    expr: 'sum by (check) (rate(imprimatur_check_failures_total[5m]))',
    legend: '{{check}}',
  },
  {
    title: 'What broke',
    about: 'Stages and turns of the ledger within ten minutes.',
    unit: 'short',
    expr: 'sum(increase(imprimatur_stage_failures_total[10m])) or sum(increase(imprimatur_ledger_failures_total[10m]))',
    legend: 'failures',
  },
  {
    title: 'Answers of the API, 95th percentile',
    about: 'By route.',
    unit: 's',
    expr: 'histogram_quantile(0.95, sum by (le, route) (rate(imprimatur_http_request_seconds_bucket[5m])))',
    legend: '{{route}}',
  },
];

const SOURCE = { type: 'prometheus', uid: '$' + '{datasource}' };

function panel({ title, about, unit, expr, legend, kind }: PanelPlan, at: number) {
  const [width, height] = [8, 8];
  return {
    id: at + 1,
    title,
    description: about,
    type: kind ?? 'timeseries',
    datasource: SOURCE,
    gridPos: { x: (at % 3) * width, y: Math.floor(at / 3) * height, w: width, h: height },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    targets: [{ refId: 'A', datasource: SOURCE, expr, legendFormat: legend }],
  };
}
