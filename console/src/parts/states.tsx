import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { isFailure } from '../api/failure.ts';
import { useWords } from '../words/use-words.tsx';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icons.tsx';
import { ToldText, told } from './problem.tsx';

/** A calm box that says why there is nothing to see. */
export function Notice({ icon, title, children }: { readonly icon: IconName; readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="notice">
      <Icon name={icon} size={24} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** What went wrong, in words, with what can be done. A part that this gateway does not have is said as such. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { t } = useWords();
  if (isFailure(error, 404))
    return (
      <Notice icon="lock" title={t('state.notAvailable')}>
        <p>{t('state.notAvailableText')}</p>
      </Notice>
    );
  if (isFailure(error, 403))
    return (
      <Notice icon="lock" title={t('state.forbidden')}>
        <ToldLines error={error} />
      </Notice>
    );
  const requestId = isFailure(error) ? error.requestId : null;
  return (
    <Notice icon="warn" title={isFailure(error, 0) ? t('state.offline') : t('state.failed')}>
      {isFailure(error) && error.status !== 0 ? <ToldLines error={error} /> : <p>{t('state.nothingLost')}</p>}
      {requestId !== null && <p className="small soft mono">{requestId}</p>}
      {onRetry !== undefined && <Button onClick={onRetry}>{t('state.retry')}</Button>}
    </Notice>
  );
}

function ToldLines({ error }: { readonly error: unknown }) {
  const { t } = useWords();
  return (
    <p>
      <ToldText told={told(error, t)} />
    </p>
  );
}

/** The answer of a query, or what there is instead of it. */
export function Loaded<Data>({ query, children }: { readonly query: UseQueryResult<Data>; readonly children: (data: Data) => ReactNode }) {
  const { t } = useWords();
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <Failure error={query.error} onRetry={() => query.refetch()} />;
  return (
    <p className="loading" role="status">
      {t('state.loading')}
    </p>
  );
}
