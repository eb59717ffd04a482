import type { Clock } from '../api/dossier.ts';
import { useWords } from '../words/use-words.tsx';
import { countdown, useNow } from './clock.ts';
import { Icon, type IconName } from './icons.tsx';

type Level = 'calm' | 'half' | 'soon' | 'late';
const ICONS: Readonly<Record<Level, IconName>> = { calm: 'clock', half: 'clock', soon: 'warn', late: 'warn' };

/** How near a deadline is: its alarms stand at 50, 75 and 90 % of the time given. */
export function levelOf(share: number): Level {
  if (share >= 1) return 'late';
  if (share >= 0.75) return 'soon';
  return share >= 0.5 ? 'half' : 'calm';
}

/** From here on seconds say nothing. */
const DAYS_FROM_MS = 48 * 3_600_000;

const RADIUS = 6.5;
const AROUND = 2 * Math.PI * RADIUS;

/** A ring that fills as the time runs out; the level is also said by the icon and by the text. */
export function Ring({ share, level }: { readonly share: number; readonly level: Level }) {
  return (
    <svg className={`ring ${level}`} width="20" height="20" viewBox="0 0 16 16" aria-hidden="true">
      <circle className="track" cx="8" cy="8" r={RADIUS} />
      <circle
        className="fill"
        cx="8"
        cy="8"
        r={RADIUS}
        strokeDasharray={`${Math.min(1, Math.max(0, share)) * AROUND} ${AROUND}`}
        transform="rotate(-90 8 8)"
      />
    </svg>
  );
}

/** The clock of a case that runs out first. */
export function firstDue(clocks: readonly Clock[]): Clock | null {
  const running = clocks.filter(({ state }) => state !== 'met' && state !== 'stopped');
  return running.reduce<Clock | null>((first, clock) => (first === null || clock.due_at < first.due_at ? clock : first), null);
}

export function shareOf({ started_at, due_at }: Pick<Clock, 'started_at' | 'due_at'>, now: number): number {
  const [start, due] = [new Date(started_at).getTime(), new Date(due_at).getTime()];
  return due <= start ? 1 : (now - start) / (due - start);
}

/** The time left on a clock, with the law or objective that set it. */
export function SlaRing({ clock }: { readonly clock: Clock }) {
  const { t, span, said } = useWords();
  const now = useNow();
  const left = new Date(clock.due_at).getTime() - now;
  const share = shareOf(clock, now);
  const level = levelOf(share);
  return (
    <span className={`sla ${level}`}>
      <Ring share={share} level={level} />
      <span className="timer">{left > DAYS_FROM_MS ? span(left) : countdown(left)}</span>
      <Icon name={ICONS[level]} size={14} />
      <span className="sla-name">{level === 'calm' || level === 'half' ? said(clock.law ?? clock.name) : t(`sla.${level}`)}</span>
    </span>
  );
}
