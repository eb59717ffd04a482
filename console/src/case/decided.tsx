import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf } from '../api/client.ts';
import type { Dossier } from '../api/dossier.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Problem } from '../parts/problem.tsx';
import { Ago } from '../parts/time.tsx';
import { toast } from '../parts/toasts.tsx';
import { UserText } from '../parts/user-text.tsx';
import { Who } from '../parts/who.tsx';
import { useWords } from '../words/use-words.tsx';
import { choicesOf } from './choices.ts';
import { Section } from './section.tsx';

/** What was decided so far. A correction is written beside it; nothing is overwritten. */
export function Decided({ dossier }: { readonly dossier: Dossier }) {
  const { t, named, said } = useWords();
  const [isCorrecting, setCorrecting] = useState(false);
  const isClosed = dossier.status !== 'open' && dossier.status !== 'escalated';
  const { corrections } = dossier.policy;
  return (
    <Section title={t('case.decisions')}>
      <ol className="decisions">
        {dossier.decisions.map((one) => (
          <li key={one.id} className={one.undone_at === null ? '' : 'undone'}>
            <strong>{named('decision', one.decision)}</strong> <span className="chip">{named('decisionRole', one.role)}</span>
            <p className="small soft">
              <Who id={one.by} /> · <Ago at={one.decided_at} />
              {one.reasons.length > 0 && ` · ${one.reasons.map((code) => said(reasonText(dossier, code))).join(', ')}`}
            </p>
            {one.note !== null && (
              <p className="small" dir="auto">
                <UserText text={one.note} />
              </p>
            )}
          </li>
        ))}
      </ol>
      {isClosed && corrections.length > 0 && <Button onClick={() => setCorrecting(true)}>{t('case.correct')}</Button>}
      {isCorrecting && <CorrectDialog dossier={dossier} onClose={() => setCorrecting(false)} />}
    </Section>
  );
}

function reasonText({ policy }: Dossier, code: string): string {
  return policy.reasons.find((reason) => reason.code === code)?.text ?? code;
}

function CorrectDialog({ dossier, onClose }: { readonly dossier: Dossier; readonly onClose: () => void }) {
  const { t, named, said } = useWords();
  const cache = useQueryClient();
  const { corrections } = dossier.policy;
  const choices = choicesOf(dossier).filter(({ id, needsRegion }) => corrections.includes(id) && !needsRegion);
  const [decision, setDecision] = useState(choices[0]?.decision ?? 'block');
  const [reason, setReason] = useState(dossier.policy.reasons[0]?.code ?? '');
  const [note, setNote] = useState('');
  const correct = useMutation({
    mutationFn: async () =>
      bodyOf(
        api.POST('/v1/cases/{id}/corrections', {
          params: { path: { id: dossier.id } },
          body: { decision, policy: dossier.policy.ref, reasons: reason === '' ? [] : [reason], note },
        }),
      ),
    onSuccess: ({ waits_for_second }) => {
      if (waits_for_second === true) toast(t('case.waitsForSecond'));
      void cache.invalidateQueries({ queryKey: ['cases', dossier.id] });
      onClose();
    },
  });
  return (
    <Dialog title={t('case.correct')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          correct.mutate();
        }}
      >
        <p className="soft">{t('case.correctText')}</p>
        <label className="field">
          <span className="label">{t('case.decide')}</span>
          <select className="input" value={decision} onChange={(event) => setDecision(event.target.value)}>
            {choices.map((one) => (
              <option key={one.id} value={one.decision}>
                {named('decision', one.id)}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span className="label">{t('case.reasons')}</span>
          <select className="input" value={reason} onChange={(event) => setReason(event.target.value)}>
            {dossier.policy.reasons.map(({ code, text }) => (
              <option key={code} value={code}>
                {said(text)}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span className="label">{t('case.note')}</span>
          <textarea className="input" required value={note} onChange={(event) => setNote(event.target.value)} />
        </label>
        {correct.isError && <Problem error={correct.error} />}
        <div className="actions">
          <Button onClick={onClose}>{t('state.cancel')}</Button>
          <Button type="submit" tone="primary" isDisabled={correct.isPending}>
            {t('case.correct')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
