import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Approval } from '../api/dossier.ts';
import { queries } from '../api/queries.ts';
import { BoardVotes } from '../pages/board-votes.tsx';
import { PolicyDiff } from '../pages/policy-diff.tsx';
import { Loaded } from '../parts/states.tsx';
import { UserText } from '../parts/user-text.tsx';
import { to } from '../routes.ts';
import { useMay } from '../shell/signed-in.tsx';
import { useWords } from '../words/use-words.tsx';

/** What boards are asked to approve, where a picture would stand: the change of a policy, an exception, a launch. */
export function ApprovalStage({ approval }: { readonly approval: Approval }) {
  const { t, named } = useWords();
  const { what, ids, boards } = approval;
  const digest = what === 'policy_activation' ? ids['digest'] : undefined;
  const mayRead = useMay('policies.read');
  return (
    <section className="stage words" aria-label={t('approval.title')}>
      <div className="words-sheet approval">
        <h2>{named('approval', what)}</h2>
        <BoardVotes votes={boards} />
        {digest === undefined ? <Ids ids={ids} /> : mayRead && <PolicyChange digest={digest} />}
        {what === 'exception' && <ExceptionReason id={ids['exception']} />}
      </div>
    </section>
  );
}

function PolicyChange({ digest }: { readonly digest: string }) {
  const { t } = useWords();
  const policy = useQuery(queries.policy(digest));
  return (
    <Loaded query={policy}>
      {({ ref, note, text = '', previous_text: before }) => (
        <>
          <p>
            <strong>{ref}</strong> · <Link href={`${to.policies()}?digest=${digest}`}>{t('approval.see')}</Link>
          </p>
          {note !== null && (
            <p dir="auto">
              <UserText text={note} />
            </p>
          )}
          <PolicyDiff before={before ?? null} after={text} />
        </>
      )}
    </Loaded>
  );
}

function ExceptionReason({ id }: { readonly id: string | undefined }) {
  const exceptions = useQuery({ ...queries.exceptions(), enabled: useMay('policies.read') });
  const reason = exceptions.data?.find((one) => one.id === id)?.reason;
  return reason === undefined ? null : (
    <p dir="auto">
      <UserText text={reason} />
    </p>
  );
}

/** Names of the gateway for what is told in words. */
const OURS: ReadonlySet<string> = new Set(['digest', 'exception']);

function Ids({ ids }: { readonly ids: Approval['ids'] }) {
  const { named, date } = useWords();
  return (
    <dl className="facts">
      {Object.entries(ids)
        .filter(([name]) => !OURS.has(name))
        .map(([name, value]) => (
          <div key={name}>
            <dt>{named('exceptions', name)}</dt>
            <dd>{name === 'until' ? date(value) : <span className="mono">{value}</span>}</dd>
          </div>
        ))}
    </dl>
  );
}
