import { answerOf, api } from '../api/client.ts';
import type { Measure } from '../api/user-history.ts';
import { AreaField, ChoiceField } from '../pages/manage/fields.tsx';
import { PanelForm } from '../pages/manage/panel-form.tsx';
import { textOf } from '../pages/manage/read-form.ts';
import { useWords } from '../words/use-words.tsx';

/** What may happen to somebody without a case; what shuts them out is decided on one. */
const ACTIONS = ['warn', 'strike', 'step_up'] as const;

interface OfUser {
  readonly pseudonym: string;
  readonly onClose: () => void;
}

/** Warns somebody, notes a strike, or has them verified before their next picture. */
export function ActOnUser({ pseudonym, onClose }: OfUser) {
  const { t, named } = useWords();
  return (
    <PanelForm
      title={t('user.act')}
      intro={t('user.actText')}
      submit={t('user.act')}
      fields={['action', 'reason']}
      refresh={['cases', 'search']}
      onSend={async (form) =>
        answerOf(
          api.POST('/v1/users/{pseudonym}/standing', {
            params: { path: { pseudonym } },
            body: { action: textOf(form, 'action'), reason: textOf(form, 'reason') },
          }),
        )
      }
      onClose={onClose}
    >
      <ChoiceField name="action" label={t('case.userAction')} options={ACTIONS.map((one) => [one, named('userAction', one)])} />
      <AreaField name="reason" label={t('exceptions.reason')} rows={3} isRequired />
    </PanelForm>
  );
}

/** Ends one measure that stands in the way of somebody. */
export function LiftMeasure({ pseudonym, measure, onClose }: OfUser & { readonly measure: Measure }) {
  const { t, named } = useWords();
  return (
    <PanelForm
      title={`${t('user.lift')}: ${named('userAction', measure.action)}`}
      intro={t('user.liftText')}
      submit={t('user.lift')}
      fields={['reason']}
      refresh={['cases', 'search']}
      onSend={async (form) =>
        answerOf(
          api.POST('/v1/users/{pseudonym}/standing/lift', {
            params: { path: { pseudonym } },
            body: { reason: textOf(form, 'reason'), measure: measure.id },
          }),
        )
      }
      onClose={onClose}
    >
      <AreaField name="reason" label={t('exceptions.reason')} rows={3} isRequired />
    </PanelForm>
  );
}
