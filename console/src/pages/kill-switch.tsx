import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Kill } from '../api/answers.ts';
import { answerOf, api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSay } from '../parts/problem.tsx';
import { shortId } from '../parts/short-id.ts';
import { Loaded } from '../parts/states.tsx';
import { Ago } from '../parts/time.tsx';
import { toast } from '../parts/toasts.tsx';
import { UserText } from '../parts/user-text.tsx';
import { Who } from '../parts/who.tsx';
import { useMay } from '../shell/signed-in.tsx';
import { useWords } from '../words/use-words.tsx';
import { HoldToStop } from './hold-to-stop.tsx';

const SCOPES = ['surface', 'model', 'operation', 'region'] as const;
const HOURS = ['1', '24', '0'] as const;
const NOTHING: Readonly<Record<string, string>> = {};

/** Stops generation, and says what is stopped. */
export function KillSwitch() {
  const { t } = useWords();
  const mayThrow = useMay('kill.throw');
  const kills = useQuery(queries.kills());
  return (
    <section className="card kill">
      <h2>{t('kill.title')}</h2>
      <Loaded query={kills}>
        {(list) => {
          const active = list.filter(({ state }) => state === 'on' || state === 'lifting');
          return (
            <>
              {active.length === 0 ? (
                <p className="chip good">
                  <Icon name="check" size={12} /> {t('kill.none')}
                </p>
              ) : (
                <ul className="rows lined">
                  {active.map((kill) => (
                    <KillLine key={kill.id} kill={kill} />
                  ))}
                </ul>
              )}
              {mayThrow && <ThrowForm />}
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

function KillLine({ kill }: { readonly kill: Kill }) {
  const { t, date, named } = useWords();
  const mayLift = useMay('kill.lift');
  const cache = useQueryClient();
  const lift = useMutation({
    mutationFn: async () => answerOf(api.POST('/v1/kill/{id}/lift', { params: { path: { id: kill.id } }, body: {} })),
    onError: useSay(),
    onSettled: () => cache.invalidateQueries({ queryKey: ['kills'] }),
  });
  const scope = Object.entries(kill.scope);
  return (
    <li className="kill-line">
      <div>
        <span className="chip bad">
          <Icon name="block" size={12} />{' '}
          {scope.length === 0
            ? t('kill.everything')
            : scope
                .map(([name, value]) => `${named('case', name)} ${name === 'operation' ? named('operation', value) : value}`)
                .join(' · ')}
        </span>
        <p>
          <UserText text={kill.reason} />
        </p>
        <p className="small soft">
          <Who id={kill.by} /> · <Ago at={kill.thrown_at} />
          {kill.until !== null && ` · ${t('kill.until')} ${date(kill.until)}`}
          {kill.seen_by !== undefined && ` · ${t('kill.nodes', { n: kill.seen_by })}`}
          {kill.state === 'lifting'
            ? ` · ${t('kill.lifting', { by: shortId(kill.lift_asked_by ?? '') })}`
            : kill.lift_needs_second === true && ` · ${t('kill.second')}`}
        </p>
      </div>
      {mayLift && (
        <Button onClick={() => lift.mutate()} isDisabled={lift.isPending}>
          {kill.state === 'lifting' ? t('kill.confirm') : t('kill.lift')}
        </Button>
      )}
    </li>
  );
}

function ThrowForm() {
  const { t } = useWords();
  const cache = useQueryClient();
  const [scope, setScope] = useState(NOTHING);
  const [reason, setReason] = useState('');
  const [hours, setHours] = useState('0');
  const stop = useMutation({
    mutationFn: async () => {
      const until = hours === '0' ? {} : { until: new Date(Date.now() + Number(hours) * 3_600_000).toISOString() };
      const chosen = Object.fromEntries(Object.entries(scope).filter(([, value]) => value !== ''));
      return answerOf(api.POST('/v1/kill', { body: { scope: chosen, reason, ...until } }));
    },
    onSuccess: (thrown) => {
      if (thrown?.recorded === false) toast(t('kill.unrecorded'), { tone: 'bad', until: Date.now() + 120_000 });
      else toast(t('kill.done'));
      setReason('');
    },
    onError: useSay(),
    onSettled: () => cache.invalidateQueries({ queryKey: ['kills'] }),
  });
  return (
    <div className="throw">
      <p className="soft">{t('kill.text')}</p>
      <fieldset className="kill-scope">
        <legend>{t('kill.scope')}</legend>
        {SCOPES.map((name) => (
          <Field key={name} label={t(`kill.${name}`)}>
            <input
              className="input"
              value={scope[name] ?? ''}
              onChange={(event) => setScope({ ...scope, [name]: event.target.value.trim() })}
              autoComplete="off"
              autoCapitalize="off"
            />
          </Field>
        ))}
      </fieldset>
      <div className="kill-why">
        <Field label={t('kill.reason')}>
          <input className="input" value={reason} onChange={(event) => setReason(event.target.value)} maxLength={500} />
        </Field>
        <Field label={t('kill.hours')}>
          <select className="input" value={hours} onChange={(event) => setHours(event.target.value)}>
            {HOURS.map((one) => (
              <option key={one} value={one}>
                {t(`kill.hours.${one}`)}
              </option>
            ))}
          </select>
        </Field>
      </div>
      <HoldToStop isDisabled={reason.trim() === '' || stop.isPending} onStop={() => stop.mutate()} />
    </div>
  );
}
