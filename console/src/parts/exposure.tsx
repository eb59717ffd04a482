import type { Me } from '../api/answers.ts';
import { useWords } from '../words/use-words.tsx';

/** How many pictures of a harmful kind somebody has opened today, of how many they should. */
export function ExposureMeter({ exposure }: { readonly exposure: NonNullable<Me['exposure']> }) {
  const { t, number } = useWords();
  const { today, budget } = exposure;
  const share = budget === null || budget === 0 ? 0 : Math.min(1, today / budget);
  return (
    <span className="exposure" title={t('exposure.title')}>
      <span className="label">{t('exposure.name')}</span>
      {budget !== null && (
        <span className={`bar-meter${share >= 0.8 ? ' warn' : ''}`} aria-hidden="true">
          <span style={{ inlineSize: `${share * 100}%` }} />
        </span>
      )}
      <span className="numbers">
        {budget === null ? number(today) : t('exposure.of', { today: number(today), budget: number(budget) })}
      </span>
    </span>
  );
}
