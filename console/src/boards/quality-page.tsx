import { useQuery } from '@tanstack/react-query';
import type { Quality } from '../api/board-answers.ts';
import { queries } from '../api/queries.ts';
import { Icon } from '../parts/icons.tsx';
import { Page } from '../parts/page.tsx';
import { shortId } from '../parts/short-id.ts';
import { Loaded, Notice } from '../parts/states.tsx';
import { Ago } from '../parts/time.tsx';
import { useWords } from '../words/use-words.tsx';
import { Confusion } from './confusion.tsx';
import { DotInterval } from './dot-interval.tsx';
import { LineChart } from './line-chart.tsx';

/** Agreement by policy and gold items by person or team, each with its uncertainty. Nobody is ranked. */
export function QualityPage() {
  const { t, date } = useWords();
  const quality = useQuery(queries.quality());
  const span = quality.data === undefined ? undefined : `${date(quality.data.from)} – ${date(quality.data.to)}`;
  return (
    <Page title={t('nav.quality')} intro={t('quality.intro')} actions={<span className="small soft numbers">{span}</span>}>
      <Loaded query={quality}>{(data) => <Boards quality={data} />}</Loaded>
    </Page>
  );
}

function Boards({ quality: { policies, reviewers, notes = [] } }: { readonly quality: Quality }) {
  const { t, said } = useWords();
  if (policies.length === 0 && reviewers.length === 0) {
    return (
      <Notice icon="quality" title={t('quality.none')}>
        <p>{t('quality.noneText')}</p>
      </Notice>
    );
  }
  return (
    <div className="boards">
      {policies.map((policy) => (
        <PolicyBoard key={policy.policy} policy={policy} />
      ))}
      {reviewers.length > 0 && (
        <section className="card">
          <h2>{t('quality.people')}</h2>
          <p className="small soft">{t('quality.peopleText')}</p>
          <ul className="reviewers">
            {reviewers.map((reviewer) => (
              <ReviewerLine key={reviewer.reviewer} reviewer={reviewer} />
            ))}
          </ul>
        </section>
      )}
      {notes.length > 0 && (
        <ul className="card small soft">
          {notes.map((note) => (
            <li key={note} dir="auto">
              {said(note)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function PolicyBoard({ policy }: { readonly policy: Quality['policies'][number] }) {
  const { t, named, percent } = useWords();
  return (
    <section className="card policy-board">
      <header className="card-head">
        <h2>{policy.policy}</h2>
        <span className="small soft numbers">
          {t('quality.items', { n: policy.n })}
          {policy.prevalence !== null && ` · ${t('quality.prevalence', { share: percent(policy.prevalence, 1) })}`}
        </span>
      </header>
      <dl className="measures">
        {policy.measures.map((measure) => (
          <div key={measure.name}>
            <dt>{named('measure', measure.name)}</dt>
            <dd>
              <DotInterval measure={measure} />
            </dd>
          </div>
        ))}
      </dl>
      {policy.confusion !== null && <Confusion title={t('quality.confusion')} {...policy.confusion} />}
    </section>
  );
}

const ENOUGH = 200;

function ReviewerLine({
  reviewer: { reviewer, gold, correct, low, high, cusum, is_enough = gold >= ENOUGH },
}: {
  readonly reviewer: Quality['reviewers'][number];
}) {
  const { t, number } = useWords();
  const alarmAt = cusum?.alarm_at ?? null;
  return (
    <li>
      <div>
        <bdi>
          <strong title={reviewer}>{shortId(reviewer)}</strong>
        </bdi>
        <p className="small soft numbers">
          {number(correct)} / {number(gold)}
        </p>
      </div>
      <DotInterval measure={{ name: 'gold', value: is_enough ? correct / gold : null, low, high }} />
      {cusum !== null && <LineChart label={`CUSUM ${reviewer}`} values={cusum.values} threshold={cusum.threshold} height={40} />}
      {alarmAt === null ? (
        <span className="chip good">
          <Icon name="check" size={12} /> {t('quality.calm')}
        </span>
      ) : (
        <span className="chip warn">
          <Icon name="warn" size={12} /> <Ago at={alarmAt} />
        </span>
      )}
    </li>
  );
}
