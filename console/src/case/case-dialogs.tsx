import { useState } from 'react';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { useWords } from '../words/use-words.tsx';

const REASONS = ['language', 'wellbeing', 'conflict', 'unclear', 'technical'] as const;

/** Gives a case back. Wellbeing is a reason like any other and asks no question. */
export function SkipDialog({ onSkip, onClose }: { readonly onSkip: (reason: string) => void; readonly onClose: () => void }) {
  const { t } = useWords();
  return (
    <Dialog title={t('skip.title')} onClose={onClose}>
      <p className="soft">{t('skip.text')}</p>
      <div className="stack">
        {REASONS.map((reason) => (
          <Button key={reason} onClick={() => onSkip(reason)}>
            {t(`skip.${reason}`)}
          </Button>
        ))}
      </div>
      <div className="actions">
        <Button tone="quiet" onClick={onClose}>
          {t('state.cancel')}
        </Button>
      </div>
    </Dialog>
  );
}

interface FinalDialogProps {
  readonly caseId: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** The second step before something that cannot be taken back. */
export function FinalDialog({ caseId, onConfirm, onClose }: FinalDialogProps) {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const wanted = caseId.slice(-4);
  return (
    <Dialog title={t('final.title')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === wanted) onConfirm();
        }}
      >
        <p>{t('final.text')}</p>
        <label className="field">
          <span className="label">{t('final.type', { end: wanted })}</span>
          <input
            className="input mono"
            value={typed}
            onChange={(event) => setTyped(event.target.value.trim())}
            autoComplete="off"
            spellCheck={false}
          />
        </label>
        <div className="actions">
          <Button onClick={onClose}>{t('state.cancel')}</Button>
          <Button type="submit" tone="danger" isDisabled={typed !== wanted}>
            {t('final.confirm')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
