/** How long somebody may appeal, as the law has it. */
export const APPEAL_WINDOW = { months: 6, law: 'eu-dsa-20', source: 'Regulation (EU) 2022/2065, article 20(1)' } as const;

/** The last moment to appeal: the same day and time so many months later, or the last day of a shorter month. UTC. */
export function appealableUntil(decidedAt: Date): Date {
  const until = new Date(decidedAt);
  until.setUTCDate(1);
  until.setUTCMonth(until.getUTCMonth() + APPEAL_WINDOW.months);
  const daysInMonth = new Date(Date.UTC(until.getUTCFullYear(), until.getUTCMonth() + 1, 0)).getUTCDate();
  until.setUTCDate(Math.min(decidedAt.getUTCDate(), daysInMonth));
  return until;
}
