import { type Badge, drawBadge } from './label-badge.ts';
import type { LabelPosition, LabelStyle } from './label-style.ts';

const DEFAULT_SIZE = 0.05;
/** Letters of a badge that is lower than this cannot be read. */
const LEAST_HEIGHT_PX = 20;
const MAX_WIDTH_SHARE = 0.7;
/** Share of the badge's height. */
const MARGIN = 0.5;

/** Pixels of a picture, or of one frame. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
}

/** The badge for light and the badge for dark ground, and where either stands; both are of one size. */
export interface LabelPlan {
  readonly left: number;
  readonly top: number;
  readonly onLight: Badge;
  readonly onDark: Badge;
}

export function planLabel(canvas: Canvas, style: LabelStyle): LabelPlan {
  const height = badgeHeight(canvas, style);
  const maxWidth = Math.max(Math.min(canvas.width, 2 * height), Math.floor(canvas.width * MAX_WIDTH_SHARE));
  const badge = (onLight: boolean) => drawBadge({ height, maxWidth, language: style.language ?? 'en', onLight });
  const onLight = badge(true);
  return { ...placeOf(onLight, canvas, style.position ?? 'bottom-right'), onLight, onDark: badge(false) };
}

function badgeHeight({ width, height }: Canvas, { size = DEFAULT_SIZE }: LabelStyle): number {
  const least = Math.min(width, height);
  return Math.min(Math.max(LEAST_HEIGHT_PX, Math.round(least * size)), least);
}

function placeOf(badge: Badge, canvas: Canvas, position: LabelPosition): { readonly left: number; readonly top: number } {
  const margin = Math.max(0, Math.min(Math.round(badge.height * MARGIN), canvas.width - badge.width, canvas.height - badge.height));
  const [vertical, horizontal] = position.split('-');
  return {
    left: horizontal === 'left' ? margin : canvas.width - badge.width - margin,
    top: vertical === 'top' ? margin : canvas.height - badge.height - margin,
  };
}
