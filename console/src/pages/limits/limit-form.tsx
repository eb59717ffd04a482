import { answerOf, api } from '../../api/client.ts';
import type { Limit } from '../../api/watched.ts';
import { useWords } from '../../words/use-words.tsx';
import { ChecksField, ChoiceField, TextField } from '../manage/fields.tsx';
import { PanelForm } from '../manage/panel-form.tsx';
import { manyOf, said, textOf } from '../manage/read-form.ts';

const WHATS = ['requests', 'images', 'cost'] as const;
const DIMENSIONS = ['application', 'key', 'user', 'surface', 'capability', 'tier'] as const;
const WHERE = ['surface', 'model', 'operation', 'tier', 'application'] as const;
const WINDOWS = ['60', '3600', 'day', 'month'] as const;
const FIELDS = ['id', 'what', 'per', 'limit', 'window', 'warn_at', 'reason', ...WHERE.map((one) => `when.${one}`)];

/** Sets a limit; a change names the version that it was made from, so that two people don't overwrite each other. */
export function LimitForm({ limit, onClose }: { readonly limit: Limit | null; readonly onClose: () => void }) {
  const { t, named } = useWords();
  const send = async (form: FormData) => {
    const window = textOf(form, 'window');
    const warnAt = textOf(form, 'warn_at');
    const when = { ...limit?.when, ...Object.fromEntries(WHERE.map((one) => [one, textOf(form, `when.${one}`) || undefined])) };
    const body = {
      what: textOf(form, 'what'),
      per: manyOf(form, 'per'),
      when: said(when),
      limit: Number(textOf(form, 'limit')),
      window: /^\d+$/.test(window) ? Number(window) : window,
      ...said({ reason: textOf(form, 'reason') }),
      // The gateway takes a share; people think in amounts.
      ...(warnAt === '' ? {} : { warn_at: Math.min(1, Number(warnAt) / Math.max(1, Number(textOf(form, 'limit')))) }),
      ...(limit === null ? {} : { version: limit.version }),
    };
    return answerOf(api.PUT('/v1/limits/{id}', { params: { path: { id: limit?.id ?? textOf(form, 'id') } }, body }));
  };
  const windows = limit === null || WINDOWS.some((one) => one === String(limit.window)) ? WINDOWS : [...WINDOWS, String(limit.window)];
  return (
    <PanelForm
      title={limit === null ? t('limits.add') : t('limits.change')}
      submit={t('state.save')}
      fields={FIELDS}
      refresh={['limits']}
      onSend={send}
      onClose={onClose}
    >
      {limit === null && <TextField name="id" label={t('limits.limit')} hint={t('manage.plainName')} isMono isRequired />}
      <div className="field-row">
        <TextField name="limit" label={t('limits.amount')} type="number" min={0} value={limit?.limit} isRequired />
        <ChoiceField
          name="what"
          label={t('limits.what')}
          value={limit?.what}
          options={WHATS.map((one) => [one, t(`limits.what.${one}`)])}
        />
        <ChoiceField
          name="window"
          label={t('limits.window')}
          value={limit === null ? 'day' : String(limit.window)}
          options={windows.map((one) => [one, named('limits.window', one)])}
        />
      </div>
      <ChecksField
        name="per"
        label={t('limits.per')}
        hint={t('limits.perHint')}
        options={DIMENSIONS.map((one) => [one, t(`dimension.${one}`)])}
        value={limit?.per ?? ['user']}
      />
      <fieldset className="field-row">
        <legend>{t('limits.when')}</legend>
        {WHERE.map((one) => (
          <TextField key={one} name={`when.${one}`} label={named('dimension', one)} value={String(limit?.when[one] ?? '')} isMono />
        ))}
      </fieldset>
      <TextField
        name="warn_at"
        label={t('limits.warnAt')}
        hint={t('limits.warnHint')}
        type="number"
        min={0}
        value={typeof limit?.warn_at === 'number' ? Math.round(limit.warn_at * limit.limit) : undefined}
      />
      <TextField name="reason" label={t('campaign.reason')} />
    </PanelForm>
  );
}
