import type { Medium } from '../api/dossier.ts';
import { useAction } from '../keys/dispatch.ts';
import { Button } from '../parts/button.tsx';
import { usePreferences } from '../shell/preferences.ts';
import { save } from '../shell/save-preferences.ts';
import { useWords } from '../words/use-words.tsx';

const nextBlur = { 0: 1, 1: 2, 2: 0 } as const;

interface StageToolsProps {
  readonly media: readonly Medium[];
  /** Null while two are compared. */
  readonly current: Medium | null;
  readonly onPick: (index: number) => void;
  readonly onCompare: (() => void) | null;
}

/** Which picture, and how much of it is seen before it is revealed. */
export function StageTools({ media, current, onPick, onCompare }: StageToolsProps) {
  const { t, number } = useWords();
  const { blur, grey } = usePreferences();
  const toggleGrey = () => save({ grey: !grey });
  const blurMore = () => save({ blur: nextBlur[blur] });
  useAction('compare', () => onCompare?.(), onCompare !== null);
  useAction('grey', toggleGrey);
  useAction('blur', blurMore);
  const isOneOfMany = (medium: Medium) => media.filter(({ role }) => role === medium.role).length > 1;
  return (
    <div className="stage-tools">
      <div className="tabs">
        {media.map((medium, index) => (
          <Button key={medium.id} tone="quiet" isPressed={medium === current} onClick={() => onPick(index)}>
            {t(`case.${medium.role}`)} {isOneOfMany(medium) ? number(index + 1) : ''}
          </Button>
        ))}
        {onCompare !== null && (
          <Button tone="quiet" icon="compare" action="compare" isPressed={current === null} onClick={onCompare}>
            {t('case.compare')}
          </Button>
        )}
      </div>
      <div className="tabs">
        <Button tone="quiet" action="grey" isPressed={grey} onClick={toggleGrey}>
          {t('case.grey')}
        </Button>
        <Button tone="quiet" action="blur" onClick={blurMore}>
          {t('case.blur')} {number(blur + 1)}
        </Button>
      </div>
    </div>
  );
}
