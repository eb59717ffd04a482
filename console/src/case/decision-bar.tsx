import { useAction } from '../keys/dispatch.ts';
import { KeyHint } from '../keys/key-hint.tsx';
import type { Action } from '../keys/keymap.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icons.tsx';
import { useWords } from '../words/use-words.tsx';
import { lackOf } from './choices.ts';
import type { Deciding } from './use-decide.ts';
import type { DecisionForm } from './use-form.ts';

export const DIGITS = ['decide.1', 'decide.2', 'decide.3', 'decide.4', 'decide.5', 'decide.6', 'decide.7', 'decide.8', 'decide.9'] as const;

/** Decisions that also have a letter, which means the same whatever the digits mean. */
const LETTERS: Readonly<Record<string, Action>> = { escalate: 'escalate', block_user: 'actOnUser' };

/** What a digit means now: a decision, or once that is chosen and asks for one, a reason. */
export function digitsChoose({ chosen }: Pick<DecisionForm, 'chosen'>): 'decision' | 'reason' {
  return chosen?.needsReason === true ? 'reason' : 'decision';
}

interface DecisionBarProps {
  readonly decision: DecisionForm;
  readonly deciding: Deciding;
  readonly reasonCodes: readonly string[];
  readonly isDisabled: boolean;
}

/** The decisions, directly under what they are about. */
export function DecisionBar({ decision, deciding, reasonCodes, isDisabled }: DecisionBarProps) {
  const { t, named } = useWords();
  const { choices, chosen, form, change, clear } = decision;
  const meaning = digitsChoose(decision);
  const press = (index: number) => {
    const code = reasonCodes[index];
    if (meaning === 'reason') {
      if (code !== undefined) change({ reasons: toggled(form.reasons, code) });
      return;
    }
    const one = choices[index];
    if (one !== undefined) change({ choice: one.id });
  };
  // What was missing when somebody tried to send, for as long as something is.
  const tried = deciding.lack === null ? null : lackOf(form, chosen);
  const take = (id: string) => change({ choice: id });
  const has = (id: string) => !isDisabled && choices.some((one) => one.id === id);
  useAction('escalate', () => take('escalate'), has('escalate'));
  useAction('actOnUser', () => take('block_user'), has('block_user'));
  useAction('clear', clear, chosen !== undefined);
  useAction('submit', () => deciding.send({ goOn: false }), !isDisabled);
  useAction('submitNext', () => deciding.send({ goOn: true }), !isDisabled);
  return (
    <section className="decision-bar" aria-label={t('case.decide')}>
      {DIGITS.map((action, index) => (
        <Digit key={action} action={action} onPress={() => press(index)} isOn={!isDisabled} />
      ))}
      <fieldset disabled={isDisabled}>
        <legend className="unseen">{t('case.decide')}</legend>
        {choices.map((one, index) => (
          <label key={one.id} className={`decision ${one.tone}`}>
            <input
              type="radio"
              name="decision"
              value={one.id}
              checked={form.choice === one.id}
              onChange={() => change({ choice: one.id })}
            />
            <Icon name={one.icon} />
            <span>{named('decision', one.id)}</span>
            <span className="decision-keys">
              {LETTERS[one.id] !== undefined && <KeyHint action={LETTERS[one.id] ?? 'escalate'} />}
              {meaning === 'decision' && <KeyHint action={DIGITS[index] ?? 'decide.9'} />}
            </span>
          </label>
        ))}
      </fieldset>
      <div className="send">
        <p className="lack" role={tried === null ? undefined : 'alert'}>
          {tried === null ? hint(decision, t) : t(`lack.${tried}`)}
        </p>
        <Button action="submit" isDisabled={isDisabled || deciding.isSending} onClick={() => deciding.send({ goOn: false })}>
          {t('case.submit')}
        </Button>
        <Button
          tone="primary"
          action="submitNext"
          isDisabled={isDisabled || deciding.isSending}
          onClick={() => deciding.send({ goOn: true })}
        >
          {t('case.submitNext')}
        </Button>
      </div>
    </section>
  );
}

/** What comes next, before anybody has tried to send. */
function hint({ chosen, form }: Pick<DecisionForm, 'chosen' | 'form'>, t: ReturnType<typeof useWords>['t']): string {
  const lack = lackOf(form, chosen);
  if (lack === null) return t('case.hintSend');
  if (lack === 'choice') return t('case.hintChoose');
  return lack === 'reason' ? t('case.hintReason') : t(`lack.${lack}`);
}

export function toggled(list: readonly string[], one: string): readonly string[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}

/** A digit key without a place of its own on the screen. */
function Digit({ action, onPress, isOn }: { readonly action: Action; readonly onPress: () => void; readonly isOn: boolean }) {
  useAction(action, onPress, isOn);
  return null;
}
