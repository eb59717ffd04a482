import { useState } from 'react';
import type { Act } from '../api/dossier.ts';
import { type Checked, checkProof } from '../ledger/check-proof.ts';
import { useWords } from '../words/use-words.tsx';
import { Button } from './button.tsx';
import { Icon } from './icons.tsx';

/** The place of an act in the ledger, and on demand its proof, checked by this browser. */
export function Proof({ entry }: { readonly entry: NonNullable<Act['entry']> | null }) {
  const { t, number } = useWords();
  const [state, setState] = useState<Checked | 'unknown' | 'asking'>('unknown');
  if (entry === null) return <span className="soft">–</span>;
  const check = async () => {
    setState('asking');
    setState(await checkProof(entry.proof_url));
  };
  return (
    <div className="proof">
      <p className="proof-head">
        <span className="small soft numbers">{t('timeline.entry', { n: number(entry.index) })}</span>
        {typeof state === 'string' || state.kind === 'soon' || state.kind === 'unreachable' ? (
          <Button tone="quiet" onClick={check} isDisabled={state === 'asking'}>
            {t('timeline.check')}
          </Button>
        ) : isOtherKey(state) ? null : (
          <span className={`chip ${state.kind === 'holds' ? 'good' : 'bad'}`}>
            <Icon name={state.kind === 'holds' ? 'check' : 'cross'} size={12} />{' '}
            {t(state.kind === 'holds' ? 'timeline.checked' : 'timeline.broken')}
          </span>
        )}
      </p>
      <div role="status">{typeof state !== 'string' && <Findings checked={state} />}</div>
    </div>
  );
}

/** Such a proof holds under a key that anybody may have made: no tick. */
const isOtherKey = (checked: Checked) => checked.kind === 'holds' && checked.isNewKey;

function Findings({ checked }: { readonly checked: Checked }) {
  const { t, number } = useWords();
  if (checked.kind === 'soon') return <p className="small soft">{t('proof.soon')}</p>;
  if (checked.kind === 'unreachable') return <p className="small soft">{t('state.failed')}</p>;
  if (checked.kind === 'wrong') return <p className="small problem">{t('proof.wrong', { step: t(`proof.step.${checked.step}`) })}</p>;
  return (
    <details className="small findings" open={checked.isNewKey}>
      <summary>{t('proof.title')}</summary>
      <ol>
        <li>{t('proof.entry', { n: number(checked.index) })}</li>
        <li>{t('proof.path', { n: checked.hashes, size: number(checked.size) })}</li>
        <li>{checked.signed === 'yes' ? t('proof.signed', { name: checked.keyName }) : t('proof.unsigned')}</li>
        <li className={checked.isNewKey ? 'problem' : ''}>{t(checked.isNewKey ? 'proof.newKey' : 'proof.key')}</li>
      </ol>
      <p className="soft">{t('proof.raw')}</p>
      <pre dir="ltr">{checked.entry}</pre>
    </details>
  );
}
