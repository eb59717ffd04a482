import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, bodyOf } from '../../api/client.ts';
import type { Endpoint } from '../../api/managed.ts';
import { managed } from '../../api/managed-queries.ts';
import { Button } from '../../parts/button.tsx';
import { Page } from '../../parts/page.tsx';
import { Ago } from '../../parts/time.tsx';
import { useWords } from '../../words/use-words.tsx';
import { Confirm } from '../manage/confirm.tsx';
import { TextField } from '../manage/fields.tsx';
import { OnceShown } from '../manage/once-shown.tsx';
import { PanelForm } from '../manage/panel-form.tsx';
import { textOf } from '../manage/read-form.ts';
import { RegisterCard } from '../manage/register-card.tsx';
import { useAct } from '../manage/use-act.ts';
import { Deliveries } from './deliveries.tsx';
import { WebhookForm } from './webhook-form.tsx';

type Open = { readonly what: 'add' } | { readonly what: 'deliveries' | 'rotate' | 'remove'; readonly endpoint: Endpoint };

/** Who hears of events, and what became of each of them. */
export function WebhooksPage() {
  const { t } = useWords();
  const webhooks = useQuery({ ...managed.webhooks(), select: ({ data }): readonly Endpoint[] => data });
  const [open, setOpen] = useState<Open | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Page title={t('nav.webhooks')} intro={t('webhook.intro')}>
      <RegisterCard
        title={t('webhook.endpoints')}
        intro={t('webhook.text')}
        query={webhooks}
        none={t('webhook.none')}
        rowKey={({ id }) => id}
        add={{ label: t('webhook.add'), onClick: () => setOpen({ what: 'add' }) }}
        columns={[
          {
            title: t('webhook.endpoint'),
            cell: ({ name, url }) => (
              <>
                <strong>{name}</strong>
                <span className="mono small soft block">{url}</span>
              </>
            ),
          },
          {
            title: t('webhook.events'),
            isExtra: true,
            cell: ({ events }) => (events.length === 0 ? t('webhook.everything') : t('webhook.some', { n: events.length })),
          },
          {
            title: t('webhook.lastDelivered'),
            isExtra: true,
            cell: ({ last_delivered_at: at }) => (at === null ? t('key.never') : <Ago at={at} />),
          },
          {
            title: t('column.status'),
            cell: ({ state, failures, disabled_because }) => (
              <>
                <span
                  className={`chip ${state !== 'active' ? 'bad' : failures > 0 ? 'warn' : 'good'}`}
                  title={disabled_because ?? undefined}
                >
                  {state === 'active' ? t('key.active') : t('webhook.disabled')}
                </span>{' '}
                {failures > 0 && <span className="small soft">{t('webhook.failures', { n: failures })}</span>}
              </>
            ),
          },
          {
            title: t('column.actions'),
            isActions: true,
            cell: (endpoint) => (
              <>
                <Button tone="quiet" onClick={() => setOpen({ what: 'deliveries', endpoint })}>
                  {t('webhook.deliveries')}
                </Button>
                {!endpoint.is_configured && (
                  <>
                    <Button tone="quiet" onClick={() => setOpen({ what: 'rotate', endpoint })}>
                      {t('key.rotate')}
                    </Button>
                    <Button tone="quiet" onClick={() => setOpen({ what: 'remove', endpoint })}>
                      {t('manage.remove')}
                    </Button>
                  </>
                )}
              </>
            ),
          },
        ]}
      />
      {open !== null && <WebhookDialogs open={open} onSecret={setSecret} onClose={() => setOpen(null)} />}
      {secret !== null && <OnceShown title={t('webhook.secret')} secret={secret} onClose={() => setSecret(null)} />}
    </Page>
  );
}

interface WebhookDialogsProps {
  readonly open: Open;
  readonly onSecret: (secret: string) => void;
  readonly onClose: () => void;
}

function WebhookDialogs({ open, onSecret, onClose }: WebhookDialogsProps) {
  const { t } = useWords();
  const remove = useAct(async (id: string) => answerOf(api.DELETE('/v1/webhooks/{id}', { params: { path: { id } } })), {
    refresh: ['webhooks'],
  });
  return (
    <>
      {open.what === 'add' && <WebhookForm onSecret={onSecret} onClose={onClose} />}
      {open.what === 'deliveries' && <Deliveries endpoint={open.endpoint} onClose={onClose} />}
      {open.what === 'rotate' && (
        <PanelForm
          title={t('webhook.rotate')}
          intro={t('webhook.rotateText')}
          submit={t('key.rotate')}
          fields={['overlap_hours']}
          refresh={['webhooks']}
          onSend={async (form) => {
            const body = { overlap_hours: Number(textOf(form, 'overlap_hours')) };
            onSecret((await bodyOf(api.POST('/v1/webhooks/{id}/rotate', { params: { path: { id: open.endpoint.id } }, body }))).secret);
          }}
          onClose={onClose}
        >
          <TextField
            name="overlap_hours"
            label={t('key.overlap')}
            type="number"
            min={0}
            max={168}
            value={24}
            hint={t('webhook.overlapHint', { most: 168 })}
            isRequired
          />
        </PanelForm>
      )}
      {open.what === 'remove' && (
        <Confirm
          title={t('webhook.remove')}
          text={t('webhook.removeText')}
          confirm={t('manage.remove')}
          typed={open.endpoint.name}
          onConfirm={() => remove.mutate(open.endpoint.id)}
          onClose={onClose}
        />
      )}
    </>
  );
}
