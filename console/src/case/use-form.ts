import { useEffect, useMemo, useRef, useState } from 'react';
import { answerOf, api } from '../api/client.ts';
import type { Dossier } from '../api/dossier.ts';
import { type Choice, choicesOf, draftOf, EMPTY_FORM, type Form, formOf } from './choices.ts';

export interface DecisionForm {
  readonly choices: readonly Choice[];
  readonly chosen: Choice | undefined;
  readonly form: Form;
  /** Where the draft is: nowhere to save, on its way, on the server, or only in this tab. */
  readonly draft: 'none' | 'saving' | 'saved' | 'here';
  change(changes: Partial<Form>): void;
  clear(): void;
}

const SAVE_AFTER_MS = 600;
const place = (caseId: string) => `imprimatur.draft.${caseId}`;

/** The decision that somebody is making: kept on the server while they write, and in this tab while the server cannot be reached. */
export function useDecisionForm(dossier: Dossier): DecisionForm {
  const choices = useMemo(() => choicesOf(dossier), [dossier]);
  const [form, setForm] = useState<Form>(() => formOf(localDraft(dossier.id) ?? dossier.draft, choices));
  const [draft, setDraft] = useState<DecisionForm['draft']>('none');
  const isTouched = useRef(false);
  const { id } = dossier;

  useEffect(() => {
    if (!isTouched.current) return;
    setDraft('saving');
    const wait = setTimeout(async () => {
      try {
        await answerOf(api.PUT('/v1/cases/{id}/draft', { params: { path: { id } }, body: draftOf(form) }));
        sessionStorage.removeItem(place(id));
        setDraft('saved');
      } catch {
        sessionStorage.setItem(place(id), JSON.stringify(draftOf(form)));
        setDraft('here');
      }
    }, SAVE_AFTER_MS);
    return () => clearTimeout(wait);
  }, [form, id]);

  return {
    choices,
    chosen: choices.find((one) => one.id === form.choice),
    form,
    draft,
    change: (changes) => {
      isTouched.current = true;
      setForm((now) => ({ ...now, ...changes }));
    },
    clear: () => {
      isTouched.current = false;
      sessionStorage.removeItem(place(id));
      setDraft('none');
      setForm(EMPTY_FORM);
    },
  };
}

function localDraft(caseId: string): Dossier['draft'] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(place(caseId)) ?? 'null');
    if (typeof stored !== 'object' || stored === null) return null;
    const decision = 'decision' in stored && typeof stored.decision === 'string' ? stored.decision : null;
    const note = 'note' in stored && typeof stored.note === 'string' ? stored.note : '';
    const reasons = 'reasons' in stored && Array.isArray(stored.reasons) ? stored.reasons.filter((one) => typeof one === 'string') : [];
    return { decision, note, reasons };
  } catch {
    return null;
  }
}
