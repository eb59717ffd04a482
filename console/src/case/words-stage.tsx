import type { Dossier, GenerationRequest } from '../api/dossier.ts';
import { UserText } from '../parts/user-text.tsx';
import { useWords } from '../words/use-words.tsx';
import { Prompt } from './prompt.tsx';
import { useStatement } from './use-statement.ts';

interface WordsStageProps {
  readonly dossier: Dossier;
  readonly request: GenerationRequest | null;
}

/** No picture: the text itself is what is decided on, so it stands where a picture would. The prompt, or what somebody wrote. */
export function WordsStage({ dossier, request }: WordsStageProps) {
  const { t } = useWords();
  const written = useStatement(dossier);
  return (
    <section className="stage words" aria-label={t(request === null ? 'case.reported' : 'case.request')}>
      <div className="words-sheet">
        {request !== null && <Prompt request={request} />}
        {request === null && written !== null && (
          <blockquote className="prompt" dir="auto">
            <UserText text={written} />
          </blockquote>
        )}
        <p className="small soft">{t(request === null ? 'case.noMedia' : 'case.beforeGeneration')}</p>
      </div>
    </section>
  );
}
