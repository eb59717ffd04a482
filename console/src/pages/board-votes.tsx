import type { BoardVote } from '../api/answers.ts';
import { Icon } from '../parts/icons.tsx';
import { Ago } from '../parts/time.tsx';
import { Who } from '../parts/who.tsx';
import { useWords } from '../words/use-words.tsx';

/** What each board has said, and who is waited for. */
export function BoardVotes({ votes }: { readonly votes: readonly BoardVote[] }) {
  const { t, named } = useWords();
  return (
    <ul className="rows lined votes">
      {votes.map(({ by_role: board, approves, by, at }) => (
        <li key={board}>
          <strong>{named('role', board)}</strong>
          {approves === null ? (
            <span className="chip">
              <Icon name="clock" size={12} /> {t('policies.waiting')}
            </span>
          ) : (
            <span className={`chip ${approves ? 'good' : 'bad'}`}>
              <Icon name={approves ? 'check' : 'warn'} size={12} /> {t(approves ? 'policies.approved' : 'policies.rejected')}
            </span>
          )}
          {at !== null && (
            <span className="small soft">
              <Who id={by} /> · <Ago at={at} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
