import { type ReactNode, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { useWords } from '../../words/use-words.tsx';
import { TextField } from './fields.tsx';
import { textOf } from './read-form.ts';

interface ConfirmProps {
  readonly title: string;
  readonly text: ReactNode;
  readonly confirm: string;
  /** Where a slip would destroy something: typed before it goes on. */
  readonly typed?: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks once more before what cannot be undone. */
export function Confirm({ title, text, confirm, typed, onConfirm, onClose }: ConfirmProps) {
  const { t } = useWords();
  const [isWrong, setWrong] = useState(false);
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="panel-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed !== undefined && textOf(new FormData(event.currentTarget), 'typed') !== typed) return setWrong(true);
          onConfirm();
          onClose();
        }}
      >
        <p className="soft">{text}</p>
        {typed !== undefined && <TextField name="typed" label={t('manage.typeToConfirm', { typed })} isMono isRequired />}
        {isWrong && (
          <p role="alert" className="problem">
            {t('manage.typedWrong')}
          </p>
        )}
        <div className="actions">
          <Button onClick={onClose}>{t('state.cancel')}</Button>
          <Button type="submit" tone="danger">
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
