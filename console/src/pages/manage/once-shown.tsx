import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { useWords } from '../../words/use-words.tsx';

/** A token or secret, this once. Escape doesn't close it: it could not be had again. */
export function OnceShown({ title, secret, onClose }: { readonly title: string; readonly secret: string; readonly onClose: () => void }) {
  const { t } = useWords();
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard.writeText(secret).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <Dialog title={title} onClose={onClose} isDismissable={false}>
      <div className="panel-form">
        <p>{t('manage.onceShown')}</p>
        <input className="input mono" readOnly value={secret} aria-label={title} onFocus={(event) => event.target.select()} />
        <div className="actions">
          <Button onClick={() => void copy()} icon={isCopied ? 'check' : 'label'}>
            {isCopied ? t('manage.copied') : t('manage.copy')}
          </Button>
          <Button tone="primary" onClick={onClose}>
            {t('manage.keptIt')}
          </Button>
        </div>
        <p className="unseen" role="status">
          {isCopied ? t('manage.copied') : ''}
        </p>
      </div>
    </Dialog>
  );
}
