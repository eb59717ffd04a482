import type { Dossier } from '../api/dossier.ts';
import { Facts } from '../parts/facts.tsx';
import { Ago } from '../parts/time.tsx';
import { UserText } from '../parts/user-text.tsx';
import { useWords } from '../words/use-words.tsx';
import { Prompt } from './prompt.tsx';
import { Fold, Section } from './section.tsx';
import { Signals } from './signals.tsx';
import { Statement } from './statement.tsx';
import { toldProvenance } from './told-provenance.ts';
import { Brought, WhyList } from './why.tsx';

/** Cases that a rule of the policy opened; the others were brought by somebody. */
const OF_RULES: ReadonlySet<Dossier['kind']> = new Set(['generation', 'upload']);

/** What led here: why it is held, what was asked for, what was said before, where the picture comes from. */
export function LeftColumn({ dossier }: { readonly dossier: Dossier }) {
  const words = useWords();
  const { t, named, number } = words;
  const { request, conversation, provenance, media } = dossier;
  return (
    <div className="column left">
      <Statement dossier={dossier} />
      <Section title={t('case.why')}>
        {dossier.why.length === 0 && !OF_RULES.has(dossier.kind) ? <Brought dossier={dossier} /> : <WhyList why={dossier.why} />}
      </Section>
      {request !== null && (
        <Section title={t('case.request')}>
          {media.length > 0 && <Prompt request={request} />}
          <Facts
            facts={{
              [t('case.operation')]: named('operation', request.operation),
              [t('case.model')]: request.model,
              [t('case.surface')]: `${request.application} · ${request.surface}`,
              ...request.parameters,
            }}
          />
        </Section>
      )}
      {conversation.length > 0 && (
        <Fold title={t('case.conversation')} gist={number(conversation.length)} isOpen={conversation.length <= 3}>
          <ol className="turns">
            {conversation.map((turn) => (
              <li key={turn.at}>
                <p dir="auto">{turn.text === null ? <span className="soft">{t('case.noPrompt')}</span> : <UserText text={turn.text} />}</p>
                <p className="small soft">
                  <Ago at={turn.at} />
                  {turn.action !== null && ` · ${named('verdict', turn.action)}`}
                </p>
              </li>
            ))}
          </ol>
        </Fold>
      )}
      {provenance !== null && (
        <Fold title={t('case.provenance')} isOpen>
          <Facts facts={toldProvenance(provenance, words)} />
        </Fold>
      )}
      {request !== null || media.length > 0 || dossier.signals !== null ? <Signals dossier={dossier} /> : null}
    </div>
  );
}
