import { useQuery } from '@tanstack/react-query';
import type { Dossier } from '../api/dossier.ts';
import { queries } from '../api/queries.ts';
import { UserText } from '../parts/user-text.tsx';
import { useWords } from '../words/use-words.tsx';
import { Fold, Section } from './section.tsx';
import { useStatement } from './use-statement.ts';

/** What the person writes who appeals or reports; on an appeal also what they had been told. */
export function Statement({ dossier }: { readonly dossier: Dossier }) {
  const { t } = useWords();
  const { kind, subject, media, request } = dossier;
  const decision = kind === 'appeal' ? subject?.['decision'] : undefined;
  const told = useQuery({ ...queries.told(String(decision)), enabled: typeof decision === 'string' });
  const text = useStatement(dossier);
  // Where there is nothing else to decide on, it stands in the middle.
  const isInTheMiddle = media.length === 0 && request === null;
  return (
    <>
      {text !== null && !isInTheMiddle && (
        <Section title={t(kind === 'notice' ? 'case.reported' : 'case.statement')}>
          <blockquote className="prompt" dir="auto">
            <UserText text={text} />
          </blockquote>
        </Section>
      )}
      {told.data !== undefined && (
        <Fold title={t('case.told')}>
          <p className="small" dir="auto">
            <UserText text={told.data} />
          </p>
        </Fold>
      )}
    </>
  );
}
