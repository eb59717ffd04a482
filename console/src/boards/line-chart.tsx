interface LineChartProps {
  /** What the chart says, for those who do not see it. */
  readonly label: string;
  readonly values: readonly number[];
  /** A line across, such as an alarm. */
  readonly threshold?: number;
  readonly height?: number;
}

const WIDTH = 320;

/** One series as a line over a calm ground. */
export function LineChart({ label, values, threshold, height = 56 }: LineChartProps) {
  const top = Math.max(threshold ?? 0, ...values, 1e-9) * 1.08;
  const x = (index: number) => (values.length < 2 ? 0 : (index / (values.length - 1)) * WIDTH);
  const y = (value: number) => height - 1 - (value / top) * (height - 2);
  const path = values.map((value, index) => `${index === 0 ? 'M' : 'L'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  return (
    <svg className="line-chart" viewBox={`0 0 ${WIDTH} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <line className="axis" x1="0" x2={WIDTH} y1={height - 1} y2={height - 1} />
      {threshold !== undefined && <line className="threshold" x1="0" x2={WIDTH} y1={y(threshold)} y2={y(threshold)} />}
      <path d={path} />
    </svg>
  );
}
