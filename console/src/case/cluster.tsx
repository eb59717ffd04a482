import { Link } from 'wouter';
import type { Dossier } from '../api/dossier.ts';
import { useAction } from '../keys/dispatch.ts';
import { KeyHint } from '../keys/key-hint.tsx';
import { shortId } from '../parts/short-id.ts';
import { to } from '../routes.ts';
import { useWords } from '../words/use-words.tsx';
import { Fold } from './section.tsx';
import type { DecisionForm } from './use-form.ts';

interface ClusterProps {
  readonly dossier: Dossier;
  readonly decision: DecisionForm;
  readonly canDecide: boolean;
}

/** Open cases with nearly the same picture: one decision for all, so that nobody has to look again. */
export function ClusterNote({ dossier: { cluster, id }, decision, canDecide }: ClusterProps) {
  const { t, number } = useWords();
  const others = cluster?.case_ids.filter((one) => one !== id) ?? [];
  const { wholeCluster } = decision.form;
  useAction('cluster', () => decision.change({ wholeCluster: !wholeCluster }), canDecide && others.length > 0);
  if (others.length === 0) return null;
  return (
    <Fold title={t('case.clusterTitle')} gist={<span className="chip accent">{number(others.length)}</span>} isOpen>
      {canDecide && (
        <label className="check">
          <input type="checkbox" checked={wholeCluster} onChange={() => decision.change({ wholeCluster: !wholeCluster })} />
          <span>{t('case.clusterAll', { n: others.length })}</span>
          <KeyHint action="cluster" />
        </label>
      )}
      <p className="small links">
        {others.slice(0, 6).map((one) => (
          <Link key={one} href={to.case(one)} className="mono">
            {shortId(one)}
          </Link>
        ))}
      </p>
    </Fold>
  );
}
