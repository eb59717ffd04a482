import { useSyncExternalStore } from 'react';
import { useAction } from '../keys/dispatch.ts';
import { useWords } from '../words/use-words.tsx';
import { Button } from './button.tsx';
import { useNow } from './clock.ts';

interface Toast {
  readonly id: number;
  readonly text: string;
  /** What the gateway adds in its own words. */
  readonly detail?: string;
  readonly tone: 'plain' | 'bad';
  /** When it goes, as a time. */
  readonly until: number;
  readonly undo?: () => void;
}

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function become(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Says something in passing. With `undo`, a button and a key take it back until `until`. */
export function toast(
  text: string,
  { tone = 'plain', until = Date.now() + 6_000, undo, detail }: Partial<Omit<Toast, 'id' | 'text'>> = {},
): void {
  const id = nextId++;
  become([
    ...toasts.filter((other) => undo === undefined || other.undo === undefined),
    { id, text, tone, until, ...(undo && { undo }), ...(detail !== undefined && { detail }) },
  ]);
  setTimeout(() => dismiss(id), Math.max(0, until - Date.now()));
}

function dismiss(id: number): void {
  become(toasts.filter((one) => one.id !== id));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where they appear; a live region, so that they are read out. */
export function Toasts() {
  const list = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {list.map((one) => (
        <ToastLine key={one.id} toast={one} />
      ))}
    </div>
  );
}

function ToastLine({ toast: { id, text, detail, tone, until, undo } }: { readonly toast: Toast }) {
  const { t } = useWords();
  const seconds = Math.max(0, Math.ceil((until - useNow()) / 1000));
  const takeBack = () => {
    dismiss(id);
    undo?.();
  };
  useAction('undo', takeBack, undo !== undefined);
  return (
    <div className={`toast ${tone}`}>
      <span>
        {text}
        {detail !== undefined && (
          <span className="detail" lang="en" dir="auto">
            {detail}
          </span>
        )}
      </span>
      {undo !== undefined && (
        <>
          <span className="timer soft" aria-hidden="true">
            {seconds} s
          </span>
          <Button action="undo" icon="undo" onClick={takeBack}>
            {t('case.undo')}
          </Button>
        </>
      )}
    </div>
  );
}
