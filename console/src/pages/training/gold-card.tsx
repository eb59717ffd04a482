import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { answerOf, api } from '../../api/client.ts';
import type { Gold } from '../../api/managed.ts';
import { managed } from '../../api/managed-queries.ts';
import { Button } from '../../parts/button.tsx';
import { shortId } from '../../parts/short-id.ts';
import { Ago } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { to } from '../../routes.ts';
import { useWords } from '../../words/use-words.tsx';
import { Confirm } from '../manage/confirm.tsx';
import { AreaField, ChoiceField, TextField } from '../manage/fields.tsx';
import { PanelForm } from '../manage/panel-form.tsx';
import { textOf } from '../manage/read-form.ts';
import { RegisterCard } from '../manage/register-card.tsx';
import { useAct } from '../manage/use-act.ts';
import { DECISIONS } from './decisions.ts';

const TONES: Readonly<Record<string, string>> = { active: 'good', candidate: 'warn' };

/** Cases whose right answer is known. Whoever reviews meets them as ordinary cases. */
export function GoldCard() {
  const { t, named, number } = useWords();
  const gold = useQuery(managed.gold());
  /** The case of a candidate, or an empty name for one that is typed. */
  const [making, setMaking] = useState<Gold | 'new' | null>(null);
  const [going, setGoing] = useState<Gold | null>(null);
  const retire = useAct(async (id: string) => answerOf(api.POST('/v1/quality/gold/{id}/retire', { params: { path: { id } }, body: {} })), {
    refresh: ['gold'],
  });
  return (
    <>
      <RegisterCard
        title={t('gold.title')}
        intro={t('gold.intro')}
        query={gold}
        none={t('gold.none')}
        rowKey={({ id }) => id}
        add={{ label: t('gold.add'), onClick: () => setMaking('new') }}
        columns={[
          {
            title: t('column.case'),
            cell: ({ case_id }) => (
              <Link href={to.case(case_id)} className="mono">
                {shortId(case_id)}
              </Link>
            ),
          },
          { title: t('gold.answer'), cell: ({ decision }) => named('decision', decision) },
          { title: t('gold.rationale'), isExtra: true, cell: ({ rationale }) => <UserText text={rationale} /> },
          { title: t('gold.shown'), isNumber: true, isExtra: true, cell: ({ shown }) => number(shown) },
          { title: t('column.added'), isExtra: true, cell: ({ made_at }) => <Ago at={made_at} /> },
          {
            title: t('column.status'),
            cell: ({ state }) => <span className={`chip ${TONES[state] ?? ''}`}>{named('goldState', state)}</span>,
          },
          {
            title: t('column.actions'),
            isActions: true,
            cell: (line) => (
              <>
                {line.state === 'candidate' && (
                  <Button tone="quiet" onClick={() => setMaking(line)}>
                    {t('gold.accept')}
                  </Button>
                )}
                {line.state !== 'retired' && (
                  <Button tone="quiet" onClick={() => setGoing(line)}>
                    {t('gold.retire')}
                  </Button>
                )}
              </>
            ),
          },
        ]}
      />
      {making !== null && <GoldForm of={making === 'new' ? null : making} onClose={() => setMaking(null)} />}
      {going !== null && (
        <Confirm
          title={t('gold.retireTitle')}
          text={t('gold.retireText')}
          confirm={t('gold.retire')}
          onConfirm={() => retire.mutate(going.id)}
          onClose={() => setGoing(null)}
        />
      )}
    </>
  );
}

function GoldForm({ of, onClose }: { readonly of: Gold | null; readonly onClose: () => void }) {
  const { t } = useWords();
  const send = async (form: FormData) =>
    answerOf(
      api.POST('/v1/quality/gold', {
        body: {
          case_id: textOf(form, 'case_id'),
          decision: textOf(form, 'decision'),
          policy: textOf(form, 'policy') || null,
          rationale: textOf(form, 'rationale'),
        },
      }),
    );
  return (
    <PanelForm
      title={t('gold.add')}
      intro={t('gold.addText')}
      submit={t('gold.add')}
      fields={['case_id', 'decision', 'policy', 'rationale']}
      refresh={['gold']}
      onSend={send}
      onClose={onClose}
    >
      <TextField name="case_id" label={t('column.case')} value={of?.case_id} placeholder="case_…" isMono isRequired />
      <ChoiceField
        name="decision"
        label={t('gold.answer')}
        value={of?.decision}
        options={DECISIONS.map((one) => [one, t(`decision.${one}`)])}
      />
      <TextField name="policy" label={t('case.policy')} value={of?.policy ?? undefined} />
      <AreaField name="rationale" label={t('gold.rationale')} hint={t('gold.rationaleHint')} rows={4} value={of?.rationale} isRequired />
    </PanelForm>
  );
}
