import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { useWords } from '../../words/use-words.tsx';
import { AreaField, ChoiceField } from '../manage/fields.tsx';
import { PanelForm } from '../manage/panel-form.tsx';
import { said, textOf } from '../manage/read-form.ts';

interface CampaignDecisionProps {
  readonly caseId: string;
  readonly decision: 'block' | 'release';
  readonly onClose: () => void;
}

const ACTIONS = ['warn', 'strike', 'limit', 'suspend', 'ban'] as const;

/** One decision for all accounts of a campaign. It is the decision of its case, with everything that this brings. */
export function CampaignDecision({ caseId, decision, onClose }: CampaignDecisionProps) {
  const { t, named } = useWords();
  const dossier = useQuery(queries.dossier(caseId));
  const reasons = dossier.data?.policy?.reasons ?? [];
  const isStop = decision === 'block';
  const send = async (form: FormData) =>
    answerOf(
      api.POST('/v1/cases/{id}/decisions', {
        params: { path: { id: caseId } },
        body: {
          decision,
          reasons: textOf(form, 'reason') === '' ? [] : [textOf(form, 'reason')],
          ...said({ note: textOf(form, 'note') }),
          ...(isStop ? said({ user_action: textOf(form, 'user_action') }) : {}),
        },
      }),
    );
  return (
    <PanelForm
      title={isStop ? t('campaign.stop') : t('campaign.clear')}
      intro={isStop ? t('campaign.stopText') : t('campaign.clearText')}
      submit={isStop ? t('campaign.stop') : t('campaign.clear')}
      isGrave={isStop}
      fields={['user_action', 'reasons', 'note']}
      refresh={['campaigns', 'cases', 'queues']}
      onSend={send}
      onClose={onClose}
    >
      {isStop && (
        <ChoiceField
          name="user_action"
          label={t('campaign.action')}
          options={[['', t('state.nothing')], ...ACTIONS.map((one) => [one, named('userAction', one)] as const)]}
        />
      )}
      {reasons.length > 0 && (
        <ChoiceField
          name="reason"
          label={t('campaign.reason')}
          options={reasons.map(({ code, text }) => [code, text])}
          isRequired={isStop}
        />
      )}
      <AreaField name="note" label={t('case.note')} rows={3} />
    </PanelForm>
  );
}
