import { useQuery } from '@tanstack/react-query';
import type { Dossier } from '../api/dossier.ts';
import { queries } from '../api/queries.ts';

/** What the person wrote who appeals or reports; null where nobody did, or while it is on its way. */
export function useStatement({ kind, subject, statement }: Dossier): string | null {
  const id = kind === 'appeal' || kind === 'notice' ? subject?.[kind] : undefined;
  const written = useQuery({ ...queries.statement(kind, String(id)), enabled: typeof id === 'string' });
  const text = statement ?? written.data ?? '';
  return text === '' ? null : text;
}
