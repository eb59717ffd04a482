import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import type { Region } from '../api/decision.ts';
import { useWords } from '../words/use-words.tsx';
import type { RegionEditing } from './use-regions.ts';

const STEP = 0.01;
const VISIBLE = 0.01;
const WAYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

type Box = Pick<Region, 'x' | 'y' | 'width' | 'height'>;
interface Point {
  readonly x: number;
  readonly y: number;
}

function between(a: Point, b: Point): Box {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
}

const placed = ({ x, y, width, height }: Box) => ({
  left: `${x * 100}%`,
  top: `${y * 100}%`,
  width: `${width * 100}%`,
  height: `${height * 100}%`,
});

/** Over the picture: the pointer draws a region; arrow keys move the one that has the focus, with Shift they change its size. */
export function RegionSurface({ editing }: { readonly editing: RegionEditing }) {
  const surface = useRef<HTMLDivElement>(null);
  const [from, setFrom] = useState<Point | null>(null);
  const [drawn, setDrawn] = useState<Box | null>(null);
  const at = ({ clientX, clientY }: PointerEvent): Point => {
    const box = surface.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return { x: 0, y: 0 };
    const inside = (value: number) => Math.min(1, Math.max(0, value));
    return { x: inside((clientX - box.left) / box.width), y: inside((clientY - box.top) / box.height) };
  };
  const stop = () => {
    setFrom(null);
    setDrawn(null);
  };
  return (
    <div
      className="region-surface"
      ref={surface}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setFrom(at(event));
      }}
      onPointerMove={(event) => from !== null && setDrawn(between(from, at(event)))}
      onPointerUp={(event) => {
        const box = from === null ? null : between(from, at(event));
        if (box !== null && box.width > VISIBLE && box.height > VISIBLE) editing.add(box);
        stop();
      }}
      onPointerCancel={stop}
    >
      {editing.regions.map(({ region, index }, place) => (
        <RegionBox key={index} region={region} index={index} place={place + 1} editing={editing} />
      ))}
      {drawn !== null && <span className={`region ${editing.how}`} style={placed(drawn)} />}
    </div>
  );
}

interface RegionBoxProps {
  readonly region: Region;
  readonly index: number;
  readonly place: number;
  readonly editing: RegionEditing;
}

function RegionBox({ region, index, place, editing }: RegionBoxProps) {
  const { t, percent } = useWords();
  const isSelected = editing.selected === index;
  const onKeyDown = (event: KeyboardEvent) => {
    const way = WAYS[event.key];
    if (event.key === 'Delete' || event.key === 'Backspace') editing.remove(index);
    else if (way === undefined) return;
    else if (event.shiftKey) editing.change(index, { width: region.width + way[0], height: region.height + way[1] });
    else editing.change(index, moved(region, way));
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own box; this one lies over a picture.
    <div
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move it; Enter stays with the decision.
      tabIndex={0}
      role="group"
      className={`region ${region.how}${isSelected ? ' selected' : ''}`}
      style={placed(region)}
      aria-label={t('edit.region', {
        n: place,
        how: t(`edit.${region.how}`),
        x: percent(region.x),
        y: percent(region.y),
        width: percent(region.width),
        height: percent(region.height),
      })}
      onFocus={() => editing.select(index)}
      onKeyDown={onKeyDown}
    >
      <span className="region-number" aria-hidden="true">
        {place}
      </span>
    </div>
  );
}

/** Moved as a whole: at the rim it stops and keeps its size. */
function moved({ x, y, width, height }: Region, [across, down]: readonly [number, number]): Point {
  return { x: Math.min(Math.max(0, x + across), 1 - width), y: Math.min(Math.max(0, y + down), 1 - height) };
}
