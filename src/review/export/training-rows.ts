/** `labels`: what was right and what was not, one answer a row. `pairs`: the better of two answers to the same. */
export const EXPORT_FORMS = ['labels', 'pairs'] as const;
export type ExportForm = (typeof EXPORT_FORMS)[number];

interface Judged {
  readonly id: string;
  readonly policy: string;
  readonly categories: readonly string[];
  readonly closedAt: Date;
  readonly final: string;
  readonly others: readonly string[];
  /** Hex. */
  readonly pictures: readonly string[];
  readonly prompt: string;
}

/** Every part is an object with the same members, so that a table of columns can hold them. */
type Part = { readonly type: 'image'; readonly text: null } | { readonly type: 'text'; readonly text: string };
interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: readonly Part[];
}

/** What TRL calls unpaired preference, conversational, with pictures in the column `images`. Trainers pass over the other columns. */
interface LabeledRow extends Provenance {
  readonly prompt: readonly Message[];
  readonly completion: readonly Message[];
  readonly label: boolean;
}

/** What TRL calls preference, with an explicit prompt. */
interface PairRow extends Provenance {
  readonly prompt: readonly Message[];
  readonly chosen: readonly Message[];
  readonly rejected: readonly Message[];
}

interface Provenance {
  /** `sha256:` and hex, in the order of the parts of type image; whoever trains puts the pictures there that have these hashes. */
  readonly images: readonly string[];
  readonly case: string;
  readonly policy: string;
  readonly decided_at: string;
}

/** The rows that one case gives: one for each answer, or one for each answer that was worse than the last word. */
export function trainingRows(judged: Judged, form: ExportForm): readonly (LabeledRow | PairRow)[] {
  const { id, policy, closedAt, final, others, pictures, prompt } = judged;
  const images = pictures.map((sha256) => `sha256:${sha256}`);
  const about = { images, case: id, policy, decided_at: closedAt.toISOString() };
  const asked: readonly Message[] = [
    { role: 'user', content: [...pictures.map(() => ({ type: 'image' as const, text: null })), { type: 'text', text: prompt }] },
  ];
  if (form === 'pairs') {
    return others.map((other) => ({ prompt: asked, chosen: answer(final, judged), rejected: answer(other, judged), ...about }));
  }
  return [
    { prompt: asked, completion: answer(final, judged), label: true, ...about },
    ...others.map((other) => ({ prompt: asked, completion: answer(other, judged), label: false, ...about })),
  ];
}

/** `block: hate, violence_gore`; what is let go breaks no rule. */
function answer(decision: string, { categories }: Judged): readonly Message[] {
  const isFine = decision === 'release' || decision === 'label';
  const text = isFine || categories.length === 0 ? decision : `${decision}: ${categories.join(', ')}`;
  return [{ role: 'assistant', content: [{ type: 'text', text }] }];
}
