import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { managed } from '../../api/managed-queries.ts';
import type { CampaignLine } from '../../api/watched.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Page } from '../../parts/page.tsx';
import { Loaded, Notice } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { Who } from '../../parts/who.tsx';
import { useWords } from '../../words/use-words.tsx';
import { CampaignPanel } from './campaign-panel.tsx';

const STATES = ['open', 'stopped', 'cleared', 'all'] as const;
const TONES: Readonly<Record<string, string>> = { open: 'warn', stopped: 'bad', cleared: '' };

/** Accounts that work together, as clusters. What they share is words or pictures, and neither is shown here until somebody asks. */
export function CampaignsPage() {
  const { t } = useWords();
  const [state, setState] = useState<string>('open');
  const campaigns = useQuery(managed.campaigns(state));
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Page title={t('nav.campaigns')} intro={t('campaign.intro')}>
      <fieldset className="tabs spaced">
        <legend className="unseen">{t('column.status')}</legend>
        {STATES.map((one) => (
          <Button key={one} tone="quiet" isPressed={state === one} onClick={() => setState(one)}>
            {one === 'all' ? t('campaign.all') : t(`campaign.state.${one}`)}
          </Button>
        ))}
      </fieldset>
      <Loaded query={campaigns}>
        {(lines) =>
          lines.length === 0 ? (
            <Notice icon="cluster" title={t('campaign.none')} />
          ) : (
            <ul className="boards">
              {lines.map((line) => (
                <CampaignCard key={line.id} line={line} onOpen={() => setOpen(line.id)} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {open !== null && <CampaignPanel id={open} onClose={() => setOpen(null)} />}
    </Page>
  );
}

function CampaignCard({ line, onOpen }: { readonly line: CampaignLine; readonly onOpen: () => void }) {
  const { t, named } = useWords();
  return (
    <li className="card campaign">
      <header className="card-head">
        <h2>
          {named('campaign.kind', line.kind)} <span className="mono small soft">{line.id.slice(-6)}</span>
        </h2>
        <span className={`chip ${TONES[line.state] ?? ''}`}>
          <Icon name={line.state === 'open' ? 'warn' : line.state === 'stopped' ? 'block' : 'check'} size={12} />{' '}
          {named('campaign.state', line.state)}
        </span>
      </header>
      <p>
        <strong className="numbers">{t('campaign.accounts', { n: line.accounts })}</strong> ·{' '}
        <span className="numbers">{t('campaign.refusals', { n: line.refusals })}</span>
        {line.applications.length > 0 && <span className="soft"> · {line.applications.join(', ')}</span>}
      </p>
      <p className="small soft">
        {t('campaign.found')} <Ago at={line.opened_at} /> · {t('campaign.lastSeen')} <Ago at={line.seen_at} />
        {line.categories.length > 0 && ` · ${line.categories.map((one) => named('category', one)).join(', ')}`}
        {line.decided !== null && (
          <>
            {' · '}
            <Who id={line.decided.by} />, <Ago at={line.decided.at} />
            {line.decided.user_action !== null && ` · ${named('userAction', line.decided.user_action)}`}
          </>
        )}
      </p>
      <div className="actions start">
        <Button onClick={onOpen} title={`${t('campaign.open')} ${line.id}`}>
          {t('campaign.open')}
        </Button>
      </div>
    </li>
  );
}
