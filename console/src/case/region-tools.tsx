import { useAction } from '../keys/dispatch.ts';
import { Button } from '../parts/button.tsx';
import { useWords } from '../words/use-words.tsx';
import type { RegionEditing } from './use-regions.ts';

const SIDES = ['x', 'y', 'width', 'height'] as const;
const MIDDLE = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };

/** Above the picture while regions are drawn: what a region does, and its place in numbers. */
export function RegionTools({ editing }: { readonly editing: RegionEditing }) {
  const { t } = useWords();
  const { how, regions, selected } = editing;
  const current = regions.find(({ index }) => index === selected)?.region;
  const remove = () => selected !== null && editing.remove(selected);
  useAction('addRegion', () => editing.add(MIDDLE));
  return (
    <div className="region-tools">
      <div className="tabs">
        {(['blur', 'crop'] as const).map((one) => (
          <Button
            key={one}
            tone="quiet"
            isPressed={(current?.how ?? how) === one}
            onClick={() => {
              editing.setHow(one);
              if (selected !== null) editing.change(selected, { how: one });
            }}
          >
            {t(`edit.${one}`)}
          </Button>
        ))}
        <Button tone="quiet" icon="plus" action="addRegion" onClick={() => editing.add(MIDDLE)}>
          {t('edit.add')}
        </Button>
      </div>
      {current === undefined ? (
        <p className="small soft">{t('edit.hint')}</p>
      ) : (
        <div className="tabs">
          {SIDES.map((side) => (
            <label key={side} className="region-side">
              <span aria-hidden="true">{t(`edit.short.${side}`)}</span>
              <input
                className="input"
                type="number"
                min={0}
                max={100}
                aria-label={t(`edit.${side}`)}
                value={Math.round(current[side] * 100)}
                onChange={(event) => selected !== null && editing.change(selected, { [side]: event.target.valueAsNumber / 100 })}
              />
            </label>
          ))}
          <Button tone="quiet" icon="cross" title={t('edit.remove')} onClick={remove} />
        </div>
      )}
    </div>
  );
}
