import type { Category } from '../../../contracts/category.ts';

/** A head of the bundled model, and the scores from which the standard policy holds and blocks its category. */
export interface HeadPlan {
  readonly name: string;
  readonly category: Category;
  readonly hold: number;
  readonly block: number;
  /** Worth of what this head finds, against 1 for others: it keeps that much more of the false alarms that may be spent. */
  readonly share: number;
}

/** The heads. Two may speak to one category when what they learn from differs (blood and fear, goods and deeds). */
export const HEADS: readonly HeadPlan[] = [
  { name: 'sexual', category: 'sexual', hold: 0.6, block: 0.85, share: 3 },
  { name: 'violence', category: 'violence_gore', hold: 0.6, block: 0.9, share: 1.5 },
  { name: 'disturbing', category: 'violence_gore', hold: 0.6, block: 0.9, share: 1 },
  { name: 'hate', category: 'hate', hold: 0.5, block: 0.8, share: 1 },
  { name: 'self_harm', category: 'self_harm', hold: 0.4, block: 0.7, share: 1 },
  { name: 'illegal', category: 'illegal_goods', hold: 0.5, block: 0.8, share: 1.2 },
  { name: 'unethical', category: 'illegal_goods', hold: 0.5, block: 0.8, share: 0.7 },
  { name: 'extremism', category: 'extremism', hold: 0.5, block: 0.8, share: 0.5 },
  { name: 'fraud', category: 'fraud_id_documents', hold: 0.5, block: 0.8, share: 0.5 },
];

/** Labels of one text: 1, 0, or −1 for a head that nobody labeled it for. */
export type Labels = Int8Array;

export function labels(of: Readonly<Record<string, number>>, others: number): Labels {
  return Int8Array.from(HEADS, ({ name }) => of[name] ?? others);
}
