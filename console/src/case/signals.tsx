import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answerOf, api } from '../api/client.ts';
import type { Dossier } from '../api/dossier.ts';
import { Button } from '../parts/button.tsx';
import { useWords } from '../words/use-words.tsx';
import { Section } from './section.tsx';

/** Below this a score says nothing, where the server gives no threshold of its own. */
const FAINT = 0.2;

/** What the detectors said. Hidden until the first decision, because a score that is seen first is a score that is followed. */
export function Signals({ dossier: { id, signals } }: { readonly dossier: Dossier }) {
  const { t, named, number } = useWords();
  const cache = useQueryClient();
  const spoken = (signals ?? []).filter(({ signal }) => signal !== 'abstained').sort((a, b) => (b.score ?? 0) - (a.score ?? 0));
  const strong = spoken.filter((one) => typeof one.score !== 'number' || one.score >= (one.threshold ?? FAINT));
  const faint = spoken.filter((one) => !strong.includes(one));
  const silent = (signals ?? []).filter(({ signal }) => signal === 'abstained');
  const open = useMutation({
    mutationFn: async () => answerOf(api.POST('/v1/cases/{id}/signals', { params: { path: { id } }, body: {} })),
    onSettled: () => cache.invalidateQueries({ queryKey: ['cases', id] }),
  });
  return (
    <Section title={t('case.signals')}>
      {signals === null ? (
        <>
          <p className="soft small">{t('case.signalsHidden')}</p>
          <Button onClick={() => open.mutate()} isDisabled={open.isPending}>
            {t('case.signalsShow')}
          </Button>
        </>
      ) : (
        <ul className="signals">
          {strong.map((signal) => (
            <li key={`${signal.check}${signal.signal}`}>
              <span title={`${signal.check} ${signal.signal}`}>{named('why', signal.signal)}</span>
              {typeof signal.score === 'number' ? (
                <ScoreBar
                  score={signal.score}
                  threshold={signal.threshold ?? null}
                  text={number(signal.score, { maximumFractionDigits: 2 })}
                />
              ) : (
                <span className="small">{signal.text ?? ''}</span>
              )}
            </li>
          ))}
          {signals.length === 0 && <li className="soft">{t('state.nothing')}</li>}
          {faint.length > 0 && (
            <li className="soft">
              <details>
                <summary className="small">{t('signals.faint', { n: faint.length })}</summary>
                <p className="small">
                  {faint.map((one) => `${named('why', one.signal)} ${number(one.score ?? 0, { maximumFractionDigits: 2 })}`).join(' · ')}
                </p>
              </details>
            </li>
          )}
          {silent.length > 0 && (
            <li className="small soft">{t('signals.silent', { checks: silent.map(({ check }) => check).join(', ') })}</li>
          )}
        </ul>
      )}
    </Section>
  );
}

function ScoreBar({ score, threshold, text }: { readonly score: number; readonly threshold: number | null; readonly text: string }) {
  return (
    <span className="score">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect className="track" width="100" height="8" rx="2" />
        <rect className="value" width={Math.max(0, Math.min(1, score)) * 100} height="8" rx="2" />
        {threshold !== null && <rect className="threshold" x={threshold * 100 - 0.75} width="1.5" height="8" />}
      </svg>
      <span className="numbers">{text}</span>
    </span>
  );
}
