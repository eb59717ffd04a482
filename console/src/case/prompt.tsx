import type { ReactNode } from 'react';
import type { GenerationRequest, Span } from '../api/dossier.ts';
import { shown, UserText } from '../parts/user-text.tsx';
import { useWords } from '../words/use-words.tsx';
import { piecesOf } from './pieces.ts';

/** The prompt as it was sent, with what the rules found in it; where somebody hid words, below it the text as it was read. */
export function Prompt({ request }: { readonly request: GenerationRequest }) {
  const { t } = useWords();
  const { prompt, prompt_undone: undone, spans } = request;
  if (prompt === null) return <p className="soft">{t('case.noPrompt')}</p>;
  return (
    <>
      <blockquote className="prompt" dir="auto">
        <Marked text={prompt} spans={spans} />
      </blockquote>
      {undone !== null && undone !== prompt && (
        <div className="as-read">
          <span className="label">{t('case.asRead')}</span>
          <blockquote className="prompt" dir="auto">
            <UserText text={undone} />
          </blockquote>
        </div>
      )}
    </>
  );
}

function Marked({ text, spans }: { readonly text: string; readonly spans: readonly Span[] }): ReactNode {
  const { named, found } = useWords();
  return (
    <bdi className="hostile">
      {piecesOf(text, spans).map(({ text: piece, at, span }) =>
        span === null ? (
          <span key={at}>{shown(piece)}</span>
        ) : (
          <mark key={at} title={`${named('category', span.category)}${span.rule === null ? '' : ` · ${found(span.rule)}`}`}>
            {shown(piece)}
          </mark>
        ),
      )}
    </bdi>
  );
}
