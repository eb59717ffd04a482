import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Gate } from '../api/answers.ts';
import { answerOf, api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { Button } from '../parts/button.tsx';
import { Page } from '../parts/page.tsx';
import { useSay } from '../parts/problem.tsx';
import { Loaded } from '../parts/states.tsx';
import { Ago } from '../parts/time.tsx';
import { toast } from '../parts/toasts.tsx';
import { UserText } from '../parts/user-text.tsx';
import { useMay } from '../shell/signed-in.tsx';
import { useWords } from '../words/use-words.tsx';
import { KillSwitch } from './kill-switch.tsx';

const STATES = ['off', 'allowlist', 'percent', 'on'] as const;
const TONES = { off: 'bad', allowlist: 'warn', percent: 'warn', on: 'good' } as const;

/** The kill switch first, because whoever needs it is on a phone and in a hurry; then the gates. */
export function GatesPage() {
  const { t } = useWords();
  const gates = useQuery(queries.gates());
  return (
    <Page title={t('nav.gates')} intro={t('gates.intro')}>
      <div className="boards">
        <KillSwitch />
        <section className="card">
          <h2>{t('gates.capabilities')}</h2>
          <Loaded query={gates}>
            {(list) =>
              list.length === 0 ? (
                <p className="soft">{t('gates.none')}</p>
              ) : (
                <ul className="gates">
                  {list.map((gate) => (
                    <GateRow key={gate.capability} gate={gate} />
                  ))}
                </ul>
              )
            }
          </Loaded>
        </section>
      </div>
    </Page>
  );
}

function GateRow({ gate }: { readonly gate: Gate }) {
  const { t, named, percent } = useWords();
  const mayWrite = useMay('gates.write');
  const cache = useQueryClient();
  const [state, setState] = useState(gate.state);
  const [share, setShare] = useState(gate.percent ?? 5);
  const change = useMutation({
    mutationFn: async () =>
      answerOf(
        api.PUT('/v1/gates/{capability}', {
          params: { path: { capability: gate.capability } },
          body: { state, version: gate.version, ...(state === 'percent' ? { percent: share } : {}) },
        }),
      ),
    onSuccess: () => toast(t('state.saved')),
    onError: useSay(),
    onSettled: () => cache.invalidateQueries({ queryKey: ['gates'] }),
  });
  const isChanged = state !== gate.state || (state === 'percent' && share !== gate.percent);
  return (
    <li className="gate">
      <div>
        <strong className="mono">{gate.model}</strong> {named('operation', gate.operation)} {gate.option ?? ''}{' '}
        <span className={`chip ${TONES[gate.state]}`}>
          {t(`gateState.${gate.state}`)} {gate.state === 'percent' && typeof gate.percent === 'number' ? percent(gate.percent / 100) : ''}
        </span>{' '}
        {gate.canary !== undefined && <span className="chip accent">{t('gates.canary')}</span>}
        <p className="small soft">
          {gate.state === 'allowlist' && t('gates.allowlisted', { n: gate.allowlist ?? 0 })}
          {(gate.overrides ?? [])
            .map((one) => `${[one.surface, one.region].filter(Boolean).join(' ')}: ${named('gateState', one.state)}`)
            .join(', ')}
          {gate.changed_at === null ? (
            t('gates.neverSet')
          ) : (
            <>
              {' '}
              <bdi>{gate.by}</bdi>, <Ago at={gate.changed_at} />
            </>
          )}
          {gate.reason !== null && <UserText text={` · ${gate.reason}`} />}
        </p>
      </div>
      {mayWrite && (
        <div className="gate-set">
          <select
            className="input"
            aria-label={`${gate.capability}: ${t('column.status')}`}
            value={state}
            onChange={(event) => setState(STATES.find((one) => one === event.target.value) ?? 'off')}
          >
            {STATES.map((one) => (
              <option key={one} value={one}>
                {t(`gateState.${one}`)}
              </option>
            ))}
          </select>
          {state === 'percent' && (
            <input
              className="input"
              type="number"
              min={0}
              max={100}
              aria-label={t('gates.percent')}
              value={share}
              onChange={(event) => setShare(event.target.valueAsNumber)}
            />
          )}
          <Button isDisabled={!isChanged || change.isPending} onClick={() => change.mutate()}>
            {t('gates.set')}
          </Button>
        </div>
      )}
    </li>
  );
}
