import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { PolicyVersion } from '../api/answers.ts';
import { answerOf, api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icons.tsx';
import { Page } from '../parts/page.tsx';
import { Loaded, Notice } from '../parts/states.tsx';
import { Ago } from '../parts/time.tsx';
import { UserText } from '../parts/user-text.tsx';
import { Who } from '../parts/who.tsx';
import { to } from '../routes.ts';
import { useMay } from '../shell/signed-in.tsx';
import { useWords } from '../words/use-words.tsx';
import { BoardVotes } from './board-votes.tsx';
import { Exceptions } from './exceptions.tsx';
import { Confirm } from './manage/confirm.tsx';
import { useAct } from './manage/use-act.ts';
import { PolicyDiff } from './policy-diff.tsx';
import { PolicyReplay } from './policy-replay.tsx';
import { ProposePolicy } from './propose-policy.tsx';

const TONES = { active: 'good', proposed: 'warn', retired: '' } as const;

/** Versions of the policy; for the chosen one, who approved it, what changed and what that would have done. */
export function PoliciesPage() {
  const { t } = useWords();
  const policies = useQuery(queries.policies());
  const mayPropose = useMay('policies.propose');
  const [search, setSearch] = useSearchParams();
  const [isProposing, setProposing] = useState(false);
  const choose = (digest: string) => setSearch({ digest }, { replace: true });
  return (
    <Page title={t('nav.policies')} intro={t('policies.intro')}>
      <Loaded query={policies}>
        {(versions) => {
          const inForce = versions.find(({ state }) => state === 'active');
          const chosen = versions.find(({ digest }) => digest === search.get('digest')) ?? inForce ?? versions[0];
          if (chosen === undefined) return <Notice icon="policy" title={t('state.nothing')} />;
          return (
            <div className="split">
              <div className="version-side">
                {mayPropose && <Button onClick={() => setProposing(true)}>{t('policies.propose')}</Button>}
                <ul className="version-list">
                  {versions.map((version) => (
                    <li key={version.digest}>
                      <button type="button" aria-pressed={version === chosen} onClick={() => choose(version.digest)}>
                        <span>
                          <strong>{version.ref}</strong>{' '}
                          <span className={`chip ${TONES[version.state]}`}>{t(`policyState.${version.state}`)}</span>
                        </span>
                        <span className="small soft mono">{version.digest.slice('sha256:'.length, 'sha256:'.length + 12)}</span>
                      </button>
                    </li>
                  ))}
                </ul>
              </div>
              <div className="boards">
                <Version key={chosen.digest} version={chosen} />
                <Exceptions />
              </div>
            </div>
          );
        }}
      </Loaded>
      {isProposing && <ProposePolicy onClose={() => setProposing(false)} onKept={choose} />}
    </Page>
  );
}

function Version({ version }: { readonly version: PolicyVersion }) {
  const { t } = useWords();
  const whole = useQuery(queries.policy(version.digest));
  return (
    <>
      <Standing version={version} />
      <section className="card">
        <h2>{t('policies.diff')}</h2>
        <Loaded query={whole}>
          {({ text = '', previous_text: before }) => (
            <>
              {typeof before !== 'string' && <p className="small soft">{t('policies.noDiff')}</p>}
              <PolicyDiff before={before ?? null} after={text} />
            </>
          )}
        </Loaded>
      </section>
      <PolicyReplay digest={version.digest} />
    </>
  );
}

/** Where it comes from, what the boards said, and what may be done next. */
function Standing({ version }: { readonly version: PolicyVersion }) {
  const { t } = useWords();
  const { asked, approvals, origin, note } = version;
  const isAsked = asked !== null && asked.state === 'asked';
  return (
    <section className="card">
      <div className="card-head">
        <h2>{version.ref}</h2>
        {version.state !== 'active' && !isAsked && <Activate version={version} />}
        {isAsked && asked.case_id !== null && (
          <Link className="button" href={to.case(asked.case_id)}>
            {t('policies.openCase')}
          </Link>
        )}
      </div>
      <p className="small soft">
        {origin === 'configuration' ? t('policies.byConfiguration') : t('policies.proposedBy')}{' '}
        {origin === 'proposal' && <Who id={version.proposed_by} />} · <Ago at={version.proposed_at} /> · <Tests tests={version.tests} />
      </p>
      {note !== null && (
        <p dir="auto">
          <UserText text={note} />
        </p>
      )}
      {asked?.state === 'rejected' && <p className="small">{t('policies.wasRejected')}</p>}
      {asked?.state === 'overtaken' && <p className="small">{t('policies.wasOvertaken')}</p>}
      {approvals.length > 0 && (
        <>
          <h3>{t('policies.approvals')}</h3>
          <BoardVotes votes={approvals} />
        </>
      )}
    </section>
  );
}

function Tests({ tests }: Pick<PolicyVersion, 'tests'>) {
  const { t, number } = useWords();
  if (tests === null) return <>{t('policies.noCases')}</>;
  if (tests.failed === 0) return <>{t('policies.casesHold', { n: tests.total })}</>;
  return (
    <span className="chip bad">
      <Icon name="warn" size={12} /> {t('policies.casesFail', { failed: number(tests.failed), total: number(tests.total) })}
    </span>
  );
}

function Activate({ version: { digest, ref, tests } }: { readonly version: PolicyVersion }) {
  const { t } = useWords();
  const mayActivate = useMay('policies.activate');
  const [isAsking, setAsking] = useState(false);
  const ask = useAct(async () => answerOf(api.POST('/v1/policies/{digest}/activate', { params: { path: { digest } }, body: {} })), {
    refresh: ['policies', 'queues'],
    said: t('policies.askedNow'),
  });
  if (!mayActivate) return null;
  return (
    <>
      <Button tone="primary" isDisabled={ask.isPending || (tests?.failed ?? 0) > 0} onClick={() => setAsking(true)}>
        {t('policies.activate')}
      </Button>
      {isAsking && (
        <Confirm
          title={`${t('policies.activate')}: ${ref}`}
          text={t('policies.activateText')}
          confirm={t('policies.ask')}
          onConfirm={() => ask.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
