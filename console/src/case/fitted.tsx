import { type ReactNode, useState } from 'react';
import type { Medium } from '../api/dossier.ts';

interface FittedProps {
  readonly medium: Medium;
  readonly className?: string;
  /** @param onRatio tells the shape of a picture that nobody had measured */
  readonly children: (onRatio: (ratio: number) => void) => ReactNode;
}

/** A box of exactly the picture's shape, as large as the stage allows: what is drawn on it lies where the picture has it. */
export function Fitted({ medium: { width, height }, className = '', children }: FittedProps) {
  const [seen, setSeen] = useState(1);
  const ratio = width === null || height === null ? seen : width / height;
  const inlineSize = `min(100cqi - 2rem, (100cqb - 2rem) * ${ratio})`;
  return (
    <div className={`fitted ${className}`} style={{ inlineSize, aspectRatio: String(ratio) }}>
      {children(setSeen)}
    </div>
  );
}
