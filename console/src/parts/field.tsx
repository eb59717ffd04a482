import type { ReactNode } from 'react';

/** A named field of a form. */
export function Field({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is handed in and stands inside.
    <label className="field">
      <span className="label">{label}</span>
      {children}
    </label>
  );
}
