import { isFailure } from '../api/failure.ts';
import { useWords, type Words } from '../words/use-words.tsx';
import { isKey } from '../words/words.ts';
import { toast } from './toasts.tsx';

/** What went wrong in the reader's words, by the code of the error; `detail` is what the gateway adds, as it wrote it. */
export interface Told {
  readonly text: string;
  readonly detail: string | null;
}

export function told(error: unknown, t: Words['t']): Told {
  if (!isFailure(error)) return { text: t('state.failed'), detail: null };
  if (error.status === 0) return { text: t('state.offline'), detail: null };
  const key = `problem.${error.code}`;
  return isKey(key) ? { text: t(key), detail: error.hint } : { text: t('state.failed'), detail: error.message };
}

/** The same beside what failed. */
export function Problem({ error }: { readonly error: unknown }) {
  const { t } = useWords();
  return (
    <p role="alert" className="problem">
      <ToldText told={told(error, t)} />
    </p>
  );
}

export function ToldText({ told: { text, detail } }: { readonly told: Told }) {
  return (
    <>
      {text}
      {detail !== null && (
        <span className="detail" lang="en" dir="auto">
          {detail}
        </span>
      )}
    </>
  );
}

/** The same in passing. */
export function useSay(): (error: unknown) => void {
  const { t } = useWords();
  return (error) => {
    const { text, detail } = told(error, t);
    toast(text, { tone: 'bad', ...(detail === null ? {} : { detail }) });
  };
}
