import { createContext, type ReactNode, useContext } from 'react';
import { isFailure } from '../../api/failure.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { type Told, ToldText, told } from '../../parts/problem.tsx';
import { useWords, type Words } from '../../words/use-words.tsx';
import { useAct } from './use-act.ts';

interface Problem extends Told {
  readonly param: string | null;
}

const ProblemContext = createContext<Problem | null>(null);

/** What the gateway says is wrong with the field of this name. */
export function useProblem(name: string): Told | null {
  const problem = useContext(ProblemContext);
  return problem?.param === name ? problem : null;
}

interface PanelFormProps {
  readonly title: string;
  readonly intro?: string;
  readonly submit: string;
  readonly isGrave?: boolean;
  /** What is read again afterwards: the first part of the queries' keys. */
  readonly refresh: readonly string[];
  /** Names of the fields, so that what is wrong with another part of the request is said above the buttons. */
  readonly fields: readonly string[];
  readonly onSend: (form: FormData) => Promise<unknown>;
  readonly onClose: () => void;
  readonly said?: string;
  readonly children: ReactNode;
}

/** A form at the side of its table. It stays open, with everything that was typed, until the gateway has taken it. */
export function PanelForm({ title, intro, submit, isGrave, refresh, fields, onSend, onClose, said, children }: PanelFormProps) {
  const { t } = useWords();
  const send = useAct(onSend, { refresh, isQuiet: true, ...(said === undefined ? {} : { said }) });
  const problem = problemOf(send.error, t);
  const isElsewhere = problem !== null && !fields.includes(problem.param ?? '');
  return (
    <Dialog title={title} onClose={onClose} className="side">
      <form
        className="panel-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!send.isPending) send.mutate(new FormData(event.currentTarget), { onSuccess: onClose });
        }}
      >
        {intro !== undefined && <p className="soft">{intro}</p>}
        <ProblemContext value={problem}>{children}</ProblemContext>
        <p role="alert" className="problem">
          {isElsewhere && <ToldText told={problem} />}
        </p>
        <div className="actions">
          <Button onClick={onClose}>{t('state.cancel')}</Button>
          <Button type="submit" tone={isGrave === true ? 'danger' : 'primary'} isDisabled={send.isPending}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What is wrong, and with which field: one of a list (`participants.0`) is shown at the list. */
function problemOf(error: unknown, t: Words['t']): Problem | null {
  if (error === null || error === undefined) return null;
  const param = isFailure(error) ? (error.param?.replace(/\.\d+(\..*)?$/, '') ?? null) : null;
  return { param, ...told(error, t) };
}
