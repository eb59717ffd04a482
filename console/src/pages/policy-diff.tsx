import { useWords } from '../words/use-words.tsx';
import { diffLines, hunks } from './line-diff.ts';

/** What became of a policy's text; of one without an earlier version, the text. */
export function PolicyDiff({ before, after }: { readonly before: string | null; readonly after: string }) {
  const { t } = useWords();
  const lines = hunks(diffLines(before ?? '', after));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section className={before === null ? 'diff whole' : 'diff'} dir="ltr" tabIndex={0} aria-label={t('policies.diff')}>
      {lines.map((line, index) =>
        line === null ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place.
          <div key={index} className="gap" aria-hidden="true">
            ⋯
          </div>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place.
          <div key={index} className={before === null ? 'same' : line.kind}>
            <span className="line-number">{line.number}</span>
            <span className="sign">{before === null || line.kind === 'same' ? ' ' : line.kind === 'added' ? '+' : '−'}</span>
            <code>{line.text}</code>
          </div>
        ),
      )}
    </section>
  );
}
