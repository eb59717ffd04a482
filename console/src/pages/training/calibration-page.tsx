import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { answerOf, api } from '../../api/client.ts';
import type { Calibration } from '../../api/managed.ts';
import { managed } from '../../api/managed-queries.ts';
import { Button } from '../../parts/button.tsx';
import { Page } from '../../parts/page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { Who } from '../../parts/who.tsx';
import { to } from '../../routes.ts';
import { useMay, useMe } from '../../shell/signed-in.tsx';
import { useWords } from '../../words/use-words.tsx';
import { AreaField, ChoiceField } from '../manage/fields.tsx';
import { PanelForm } from '../manage/panel-form.tsx';
import { textOf } from '../manage/read-form.ts';
import { DECISIONS } from './decisions.ts';

/** One round: its cases, one's own answers, and everybody's once it is revealed. */
export function CalibrationPage({ id }: { readonly id: string }) {
  const { t, number } = useWords();
  const round = useQuery(managed.calibration(id));
  const mayReveal = useMay('quality.manage');
  const [isRevealing, setRevealing] = useState(false);
  const { id: mine } = useMe();
  const isOpen = round.data?.revealed_at === null;
  const isMine = round.data?.participants.includes(mine) === true;
  return (
    <Page
      title={round.data?.title ?? t('calibration.round')}
      intro={isOpen ? t(isMine ? 'calibration.blind' : 'calibration.notMine') : t('calibration.open')}
      actions={
        isOpen &&
        mayReveal && (
          <Button tone="primary" onClick={() => setRevealing(true)}>
            {t('calibration.reveal')}
          </Button>
        )
      }
    >
      <p className="back">
        <Link href={to.training()}>{t('calibration.back')}</Link>
      </p>
      <Loaded query={round}>
        {(data) => (
          <div className="boards">
            {data.revealed_at !== null && (
              <section className="card">
                <h2>{t('measure.alpha')}</h2>
                <p className="big numbers">
                  {data.alpha === null ? t('quality.tooFew') : number(data.alpha, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}
                </p>
                {data.minutes !== null && (
                  <>
                    <h3>{t('calibration.agreed')}</h3>
                    <p className="excerpt" dir="auto">
                      <UserText text={data.minutes} />
                    </p>
                  </>
                )}
              </section>
            )}
            <ol className="boards">
              {data.items.map((item) => (
                <Item key={item.position} round={data} item={item} />
              ))}
            </ol>
          </div>
        )}
      </Loaded>
      {isRevealing && (
        <PanelForm
          title={t('calibration.reveal')}
          intro={t('calibration.revealText')}
          submit={t('calibration.reveal')}
          isGrave
          fields={['minutes']}
          refresh={['calibrations']}
          onSend={async (form) =>
            answerOf(
              api.POST('/v1/quality/calibrations/{id}/reveal', {
                params: { path: { id } },
                body: { minutes: textOf(form, 'minutes') || null },
              }),
            )
          }
          onClose={() => setRevealing(false)}
        >
          <AreaField name="minutes" label={t('calibration.minutes')} hint={t('calibration.minutesHint')} rows={5} />
        </PanelForm>
      )}
    </Page>
  );
}

function Item({ round, item }: { readonly round: Calibration; readonly item: Calibration['items'][number] }) {
  const { t, named } = useWords();
  const me = useMe();
  const [isAnswering, setAnswering] = useState(false);
  const mine = item.answers.find(({ by }) => by === me.id);
  const isMine = round.revealed_at === null && round.participants.includes(me.id);
  return (
    <li className="card">
      <header className="card-head">
        <h2>
          <Link href={to.case(item.case_id)}>{t('calibration.case', { n: item.position })}</Link>
        </h2>
        {round.revealed_at !== null && <Tally answers={item.answers} />}
        {isMine && (
          <Button onClick={() => setAnswering(true)}>{mine === undefined ? t('calibration.answer') : t('calibration.answerAgain')}</Button>
        )}
      </header>
      {item.answers.length === 0 ? (
        isMine && <p className="small soft">{t('calibration.noAnswer')}</p>
      ) : (
        <ul className="rows lined">
          {item.answers.map(({ by, decision, reason }) => (
            <li key={by}>
              <span>
                <Who id={by} />: <strong>{named('decision', decision)}</strong>
              </span>
              {reason !== null && (
                <span className="small soft">
                  <UserText text={reason} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {isAnswering && (
        <PanelForm
          title={t('calibration.case', { n: item.position })}
          submit={t('state.save')}
          fields={['decision', 'reason']}
          refresh={['calibrations']}
          onSend={async (form) =>
            answerOf(
              api.POST('/v1/quality/calibrations/{id}/answers', {
                params: { path: { id: round.id } },
                body: { position: item.position, decision: textOf(form, 'decision'), reason: textOf(form, 'reason') || null },
              }),
            )
          }
          onClose={() => setAnswering(false)}
        >
          <ChoiceField
            name="decision"
            label={t('case.decide')}
            value={mine?.decision}
            options={DECISIONS.map((one) => [one, t(`decision.${one}`)])}
          />
          <AreaField name="reason" label={t('calibration.reason')} value={mine?.reason ?? undefined} rows={3} />
        </PanelForm>
      )}
    </li>
  );
}

/** How many answered what, most first. */
function Tally({ answers }: { readonly answers: Calibration['items'][number]['answers'] }) {
  const { named, number } = useWords();
  const names = [...new Set(answers.map(({ decision }) => decision))];
  const counts = names.map((name) => ({ name, n: answers.filter(({ decision }) => decision === name).length })).sort((a, b) => b.n - a.n);
  return (
    <span className="tally">
      {counts.map(({ name, n }) => (
        <span key={name} className={`chip ${counts.length === 1 ? 'good' : ''}`}>
          {named('decision', name)} {number(n)}
        </span>
      ))}
    </span>
  );
}
