import { useRef, useState } from 'react';
import type { Dossier } from '../api/dossier.ts';
import { perform, useAction } from '../keys/dispatch.ts';
import { KeyHint } from '../keys/key-hint.tsx';
import { useWords } from '../words/use-words.tsx';
import { reasonsFor, TIMED_ACTIONS, userActionsOf } from './choices.ts';
import { DIGITS, digitsChoose, toggled } from './decision-bar.tsx';
import { Section } from './section.tsx';
import type { DecisionForm } from './use-form.ts';

/** The server gives the likeliest first. */
const FEW = 6;
const PLACES = ['senior', 'legal', 'law_enforcement', 'incident'] as const;

/** Reason codes, the note, and what else the chosen decision asks for. */
export function Reasons({ dossier, decision }: { readonly dossier: Dossier; readonly decision: DecisionForm }) {
  const { t, number, said } = useWords();
  const { form, chosen, change, draft } = decision;
  const [showsAll, setShowsAll] = useState(false);
  // Boards say yes or no, and why in their own words.
  const all = dossier.kind === 'approval' ? [] : reasonsFor(dossier, chosen);
  const shown = showsAll ? all : all.filter(({ code }, index) => index < FEW || form.reasons.includes(code));
  const note = useRef<HTMLTextAreaElement>(null);
  const byDigit = digitsChoose(decision) === 'reason';
  useAction('note', () => note.current?.focus());
  return (
    <Section
      title={t(all.length === 0 ? 'case.decide' : 'case.reasons')}
      aside={chosen?.needsReason === true ? <span className="chip accent">{t('case.required')}</span> : undefined}
    >
      {all.length > 0 && (
        <fieldset className={`reasons${byDigit ? ' active' : ''}`}>
          <legend className="unseen">{t('case.reasons')}</legend>
          {shown.map(({ code, text }, index) => (
            <label key={code} className="check">
              <input
                type="checkbox"
                checked={form.reasons.includes(code)}
                onChange={() => change({ reasons: toggled(form.reasons, code) })}
              />
              <span dir="auto">{said(text)}</span>
              {byDigit && index < DIGITS.length && <KeyHint action={DIGITS[index] ?? 'decide.9'} />}
            </label>
          ))}
          {all.length > FEW && (
            <button type="button" className="button quiet more" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
              {showsAll ? t('reasons.fewer') : t('reasons.all', { n: number(all.length) })}
            </button>
          )}
        </fieldset>
      )}
      {chosen?.needsUserAction === true && (
        <Choose
          label={t('case.userAction')}
          value={form.userAction}
          options={userActionsOf(dossier)}
          prefix="userAction"
          onChange={(userAction) => change({ userAction })}
        />
      )}
      {chosen?.needsUserAction === true && TIMED_ACTIONS.includes(form.userAction) && (
        <label className="field">
          <span className="label">{t('case.userActionDays')}</span>
          <input
            className="input"
            type="number"
            min={1}
            max={365}
            value={form.userActionDays}
            onChange={(event) => change({ userActionDays: Math.min(365, Math.max(1, Math.round(event.target.valueAsNumber) || 1)) })}
          />
        </label>
      )}
      {chosen?.needsPlace === true && (
        <Choose label={t('case.place')} value={form.place} options={PLACES} prefix="place" onChange={(place) => change({ place })} />
      )}
      <label className="field">
        <span className="label note-label">
          {t('case.note')} {chosen?.needsNote === true && `(${t('case.required')})`}
          <span className="draft" role="status">
            {draft === 'none' ? <KeyHint action="note" /> : t(`draft.${draft}`)}
          </span>
        </span>
        <textarea
          ref={note}
          className="input"
          rows={2}
          value={form.note}
          maxLength={4000}
          onChange={(event) => change({ note: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) perform('submitNext');
          }}
        />
      </label>
    </Section>
  );
}

interface ChooseProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly prefix: string;
  readonly onChange: (value: string) => void;
}

function Choose({ label, value, options, prefix, onChange }: ChooseProps) {
  const { named } = useWords();
  return (
    <label className="field">
      <span className="label">{label}</span>
      <select className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {named(prefix, option)}
          </option>
        ))}
      </select>
    </label>
  );
}
