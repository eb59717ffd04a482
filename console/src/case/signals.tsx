import { useMutation } from '@tanstack/react-query';
import { api, bodyOf } from '../api/client.ts';
import type { Dossier, Signal } from '../api/dossier.ts';
import { Button } from '../parts/button.tsx';
import { useSay } from '../parts/problem.tsx';
import { useWords } from '../words/use-words.tsx';
import { Section } from './section.tsx';

/** Below this a score says nothing, where the server gives no threshold of its own. */
const FAINT = 0.2;

/** What the detectors said. Hidden until the first decision, because a score that is seen first is a score that is followed. */
export function Signals({ dossier }: { readonly dossier: Dossier }) {
  const { t, named, number, found } = useWords();
  const { id } = dossier;
  const open = useMutation({
    mutationFn: async () => bodyOf(api.POST('/v1/cases/{id}/signals', { params: { path: { id } }, body: {} })),
    onError: useSay(),
  });
  // The gateway tells them in that one answer: the case itself has them only once somebody has decided.
  const signals = dossier.signals ?? (open.data?.id === id ? open.data.signals : null);
  const spoken = (signals ?? []).filter(({ signal }) => signal !== 'abstained').sort((a, b) => (b.score ?? 0) - (a.score ?? 0));
  const strong = spoken.filter((one) => typeof one.score !== 'number' || one.score >= (one.threshold ?? FAINT));
  const faint = spoken.filter((one) => !strong.includes(one));
  const silent = (signals ?? []).filter(({ signal }) => signal === 'abstained');
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
            <Strong key={`${signal.check}${signal.signal}${signal.category ?? ''}`} signal={signal} />
          ))}
          {signals.length === 0 && <li className="soft">{t('state.nothing')}</li>}
          {faint.length > 0 && (
            <li className="soft">
              <details>
                <summary className="small">{t('signals.faint', { n: faint.length })}</summary>
                <p className="small">
                  {faint.map((one) => `${found(one.signal)} ${number(one.score ?? 0, { maximumFractionDigits: 2 })}`).join(' · ')}
                </p>
              </details>
            </li>
          )}
          {silent.length > 0 && (
            <li className="small soft">{t('signals.silent', { checks: silent.map(({ check }) => named('check', check)).join(', ') })}</li>
          )}
        </ul>
      )}
    </Section>
  );
}

/** With its score, or why there is none. */
function Strong({ signal }: { readonly signal: Signal }) {
  const { named, number, found } = useWords();
  const hasFailed = signal.signal === 'failed';
  return (
    <li>
      <span title={typeof signal.category === 'string' ? named('category', signal.category) : signal.check}>
        {hasFailed ? named('check', signal.check) : found(signal.signal)}
      </span>
      {typeof signal.score === 'number' ? (
        <ScoreBar score={signal.score} threshold={signal.threshold ?? null} text={number(signal.score, { maximumFractionDigits: 2 })} />
      ) : (
        <span className="small">{hasFailed ? found(failureOf(signal)) : (signal.text ?? '')}</span>
      )}
    </li>
  );
}

/** The cause stands at the end of what the gateway says of a check that failed. */
const failureOf = ({ text }: Signal) => `failed:${/: (\w+)$/.exec(text ?? '')?.[1] ?? ''}`;

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
