import { useQuery } from '@tanstack/react-query';
import type { Operations } from '../api/board-answers.ts';
import { queries } from '../api/queries.ts';
import { Icon } from '../parts/icons.tsx';
import { Page } from '../parts/page.tsx';
import { Loaded } from '../parts/states.tsx';
import { useWords, type Words } from '../words/use-words.tsx';
import { isKey } from '../words/words.ts';
import { Counts } from './counts.tsx';
import { DriftList } from './drift-list.tsx';
import { Volumes } from './volumes.tsx';

type Objective = Operations['slos'][number];

/** Objectives with the budget they have left, what goes through, and what has changed. */
export function OperationsPage() {
  const { t } = useWords();
  const operations = useQuery(queries.operations());
  return (
    <Page title={t('nav.operations')} intro={t('operations.intro')}>
      <Loaded query={operations}>
        {({ slos, volumes, categories, surfaces, drift }) => (
          <div className="boards">
            <ul className="objectives">
              {slos.map((slo) => (
                <ObjectiveCard key={slo.id} slo={slo} />
              ))}
            </ul>
            {volumes !== null && <Volumes points={volumes.points} />}
            <div className="pair">
              <Counts
                title={t('operations.categories')}
                prefix="category"
                lines={categories.map(({ category, ...rest }) => ({ name: category, ...rest }))}
              />
              <Counts
                title={t('operations.surfaces')}
                prefix={null}
                lines={surfaces.map(({ surface, ...rest }) => ({ name: surface, ...rest }))}
              />
            </div>
            <DriftList drift={drift} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `6h` as a length of time. */
function windowIn({ span }: Words, window: string): string {
  const [, many, unit = ''] = /^(\d+)([mhd])$/.exec(window) ?? [];
  const each = UNIT_MS[unit];
  return each === undefined ? window : span(Number(many) * each);
}

function ObjectiveCard({ slo }: { readonly slo: Objective }) {
  const words = useWords();
  const { t, named, percent, number } = words;
  const isFiring = slo.burn.some((burn) => burn.is_firing);
  const isMissed = slo.current !== null && slo.current < slo.target;
  const tone = isFiring || isMissed ? 'bad' : 'good';
  const left = slo.budget_left;
  return (
    <li className="card objective">
      <header>
        <h2>{isKey(`slo.${slo.id}`) ? named('slo', slo.id) : slo.name}</h2>
        <span className="small soft">{isKey(`slo.${slo.id}.promise`) ? named('slo', `${slo.id}.promise`) : slo.objective}</span>
      </header>
      <p className={`big numbers ${slo.current === null ? 'none' : tone}`}>
        {slo.current === null ? t('operations.none') : percent(slo.current, 2)}
        {slo.current !== null && <Icon name={tone === 'bad' ? 'warn' : 'check'} size={18} />}
      </p>
      <p className="small soft numbers">
        {t('operations.target', { target: percent(slo.target, 1) })} · {number(slo.good)} / {number(slo.total)}
      </p>
      {left !== null && (
        <>
          <span className={`bar-meter wide${left < 0.2 ? ' warn' : ''}`} aria-hidden="true">
            <span style={{ inlineSize: `${Math.max(0, Math.min(1, left)) * 100}%` }} />
          </span>
          <p className="small soft">{t('operations.left', { share: percent(Math.max(0, left)) })}</p>
        </>
      )}
      <ul className="small burn">
        {slo.burn.map((burn) => (
          <li key={burn.window} className={burn.is_firing ? 'firing' : 'soft'}>
            {burn.is_firing && <Icon name="warn" size={12} />}
            {t('operations.burn', {
              window: windowIn(words, burn.window),
              rate: burn.rate === null ? '–' : number(burn.rate, { maximumFractionDigits: 1 }),
              threshold: number(burn.threshold),
            })}
          </li>
        ))}
      </ul>
    </li>
  );
}
