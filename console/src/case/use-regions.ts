import { useState } from 'react';
import type { Region } from '../api/decision.ts';

export interface RegionEditing {
  /** Those of the picture that is shown, each with its place among all. */
  readonly regions: readonly { readonly region: Region; readonly index: number }[];
  readonly how: Region['how'];
  /** Place among all of the one that keys and numbers change; null: none. */
  readonly selected: number | null;
  setHow(how: Region['how']): void;
  select(index: number): void;
  add(region: Omit<Region, 'media' | 'how'>): void;
  change(index: number, changes: Partial<Region>): void;
  remove(index: number): void;
}

const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, Number.isFinite(value) ? value : least));
const rounded = (value: number) => Math.round(value * 1000) / 1000;
const SMALLEST = 0.01;

/** Inside the picture and not smaller than one can see. */
function tidy(region: Region): Region {
  const x = rounded(within(region.x, 0, 1 - SMALLEST));
  const y = rounded(within(region.y, 0, 1 - SMALLEST));
  return {
    ...region,
    x,
    y,
    width: rounded(within(region.width, SMALLEST, 1 - x)),
    height: rounded(within(region.height, SMALLEST, 1 - y)),
  };
}

/** What of one picture is to be blurred or kept. */
export function useRegions(all: readonly Region[], onChange: (regions: readonly Region[]) => void, media: string): RegionEditing {
  const [how, setHow] = useState<Region['how']>('blur');
  const [chosen, select] = useState<number | null>(null);
  const regions = all.map((region, index) => ({ region, index })).filter(({ region }) => region.media === media);
  const selected = regions.find(({ index }) => index === chosen)?.index ?? regions.at(-1)?.index ?? null;
  return {
    regions,
    how,
    selected,
    setHow,
    select,
    add(region) {
      onChange([...all, tidy({ ...region, media, how })]);
      select(all.length);
    },
    change: (index, changes) => onChange(all.map((region, at) => (at === index ? tidy({ ...region, ...changes }) : region))),
    remove(index) {
      onChange(all.filter((_, at) => at !== index));
      select(null);
    },
  };
}
