import { useMutation, useQueryClient } from '@tanstack/react-query';
import { isFailure } from '../../api/failure.ts';
import { useSay } from '../../parts/problem.tsx';
import { toast } from '../../parts/toasts.tsx';
import { useWords } from '../../words/use-words.tsx';

/**
 * Something that an operator does: says that it is done, and reads again what it changed (`refresh`, the first part of the queries' keys).
 * What goes wrong is said in passing; a form shows it beside its fields instead (`isQuiet`).
 */
export function useAct<Input = void, Answer = unknown>(
  run: (input: Input) => Promise<Answer>,
  { refresh, said, isQuiet = false }: { readonly refresh: readonly string[]; readonly said?: string; readonly isQuiet?: boolean },
) {
  const { t } = useWords();
  const cache = useQueryClient();
  const say = useSay();
  return useMutation({
    mutationFn: run,
    onSuccess: () => toast(said ?? t('state.saved')),
    onError: (error) => {
      // For this one there is a dialog.
      if (isQuiet || isFailure(error, 'reauthentication_required')) return;
      say(error);
    },
    onSettled: () => Promise.all(refresh.map((name) => cache.invalidateQueries({ queryKey: [name] }))),
  });
}
