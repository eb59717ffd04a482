import type { Measure } from '../api/board-answers.ts';
import { useWords } from '../words/use-words.tsx';

const WIDTH = 240;
const place = (value: number) => 6 + Math.max(0, Math.min(1, value)) * (WIDTH - 12);

/** A figure between 0 and 1 as a dot with its interval, and the threshold as a line. The numbers stand beside it for everybody. */
export function DotInterval({ measure: { value, low, high, threshold } }: { readonly measure: Measure }) {
  const { number, t } = useWords();
  const two = (figure: number) => number(figure, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  if (value === null) return <span className="soft small">{t('quality.tooFew')}</span>;
  const isBelow = typeof threshold === 'number' && high !== null && high < threshold;
  return (
    <span className={`dot-interval${isBelow ? ' below' : ''}`}>
      <svg viewBox={`0 0 ${WIDTH} 20`} aria-hidden="true">
        <line className="axis" x1={place(0)} x2={place(1)} y1="10" y2="10" />
        {typeof threshold === 'number' && <line className="threshold" x1={place(threshold)} x2={place(threshold)} y1="2" y2="18" />}
        {low !== null && high !== null && <line className="interval" x1={place(low)} x2={place(high)} y1="10" y2="10" />}
        <circle cx={place(value)} cy="10" r="4.5" />
      </svg>
      <span className="numbers">
        <strong>{two(value)}</strong>
        {low !== null && high !== null && (
          <span className="soft">
            {' '}
            {two(low)}–{two(high)}
          </span>
        )}
      </span>
    </span>
  );
}
