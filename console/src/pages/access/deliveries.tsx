import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import type { Delivery, Endpoint } from '../../api/managed.ts';
import { managed } from '../../api/managed-queries.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { useWords } from '../../words/use-words.tsx';
import { useAct } from '../manage/use-act.ts';

const STATES = ['all', 'pending', 'delivered', 'dead'] as const;
const TONES: Readonly<Record<string, string>> = { delivered: 'good', pending: 'warn', dead: 'bad' };

/** What became of an endpoint's events; dead letters are brought once more, one or all. */
export function Deliveries({ endpoint, onClose }: { readonly endpoint: Endpoint; readonly onClose: () => void }) {
  const { t } = useWords();
  const deliveries = useQuery({ ...managed.deliveries(endpoint.id), refetchInterval: 5_000 });
  const [shown, setShown] = useState<string>('all');
  const about = { params: { path: { id: endpoint.id } }, body: {} };
  const refresh = ['webhooks'];
  const test = useAct(async () => answerOf(api.POST('/v1/webhooks/{id}/test', about)), { refresh, said: t('webhook.tested') });
  const replayAll = useAct(async () => answerOf(api.POST('/v1/webhooks/{id}/replay', about)), { refresh, said: t('webhook.replayed') });
  const replay = useAct(
    async (id: string) => answerOf(api.POST('/v1/webhook-deliveries/{id}/replay', { params: { path: { id } }, body: {} })),
    { refresh, said: t('webhook.replayed') },
  );
  const toggle = useAct(
    async () =>
      answerOf(endpoint.state === 'active' ? api.POST('/v1/webhooks/{id}/disable', about) : api.POST('/v1/webhooks/{id}/enable', about)),
    { refresh },
  );
  return (
    <Dialog title={`${t('webhook.deliveries')} · ${endpoint.name}`} onClose={onClose} className="side">
      <div className="panel-form">
        <div className="actions start">
          <Button onClick={() => test.mutate()}>{t('webhook.test')}</Button>
          <Button onClick={() => replayAll.mutate()}>{t('webhook.replayDead')}</Button>
          <Button onClick={() => toggle.mutate(undefined, { onSuccess: onClose })}>
            {endpoint.state === 'active' ? t('webhook.disable') : t('webhook.enable')}
          </Button>
        </div>
        <fieldset className="tabs small">
          <legend className="unseen">{t('column.status')}</legend>
          {STATES.map((one) => (
            <Button key={one} tone="quiet" isPressed={shown === one} onClick={() => setShown(one)}>
              {t(`delivery.${one}`)}
            </Button>
          ))}
        </fieldset>
        <Loaded query={deliveries}>
          {(lines) => {
            const some = lines.filter(({ state }) => shown === 'all' || state === shown);
            if (some.length === 0) return <p className="soft">{t('delivery.none')}</p>;
            return (
              <ul className="rows lined">
                {some.map((line) => (
                  <DeliveryLine key={line.id} line={line} onReplay={() => replay.mutate(line.id)} />
                ))}
              </ul>
            );
          }}
        </Loaded>
        <div className="actions">
          <Button onClick={onClose}>{t('state.close')}</Button>
        </div>
      </div>
    </Dialog>
  );
}

function DeliveryLine({ line, onReplay }: { readonly line: Delivery; readonly onReplay: () => void }) {
  const { t, named } = useWords();
  const { type, state, attempts, last_status, last_error, occurred_at } = line;
  return (
    <li>
      <div>
        <span className={`chip ${TONES[state] ?? ''}`}>{named('delivery', state)}</span> <span className="mono">{type}</span>
        <p className="small soft">
          <Ago at={occurred_at} /> · {t('delivery.attempts', { n: attempts })}
          {last_status !== null && ` · HTTP ${last_status}`}
          {last_error !== null && (
            <>
              {' · '}
              <UserText text={last_error} />
            </>
          )}
        </p>
      </div>
      {state !== 'pending' && (
        <Button tone="quiet" onClick={onReplay}>
          {t('delivery.again')}
        </Button>
      )}
    </li>
  );
}
