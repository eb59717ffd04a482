import { useState } from 'react';
import type { Medium } from '../api/dossier.ts';
import { useWords } from '../words/use-words.tsx';
import { Fitted } from './fitted.tsx';
import { type Look, Picture } from './picture.tsx';

/** Input over output, with a slider between them: the keys of a slider move it. */
export function Compare({ first, second, look }: { readonly first: Medium; readonly second: Medium; readonly look: Look }) {
  const { t } = useWords();
  const [share, setShare] = useState(50);
  const input = first.role === 'input' ? first : second;
  const output = input === first ? second : first;
  return (
    <Fitted medium={output} className="compare">
      {(onRatio) => (
        <>
          <Picture medium={output} look={look} onRatio={onRatio} />
          <div className="compare-over" style={{ clipPath: `inset(0 ${100 - share}% 0 0)` }}>
            <Picture medium={input} look={look} />
          </div>
          <span className="compare-line" style={{ left: `${share}%` }} />
          <span className="compare-name start">{t('case.input')}</span>
          <span className="compare-name end">{t('case.output')}</span>
          <input
            type="range"
            min="0"
            max="100"
            value={share}
            dir="ltr"
            aria-label={t('case.compareSlider')}
            onChange={(event) => setShare(event.target.valueAsNumber)}
          />
        </>
      )}
    </Fitted>
  );
}
