import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { answerOf, api } from '../api/client.ts';
import { keepLease } from '../case/leases.ts';
import { useSay } from '../parts/problem.tsx';
import { toast } from '../parts/toasts.tsx';
import { to } from '../routes.ts';
import { useWords } from '../words/use-words.tsx';

/** Takes the next case of a queue and goes there; says so when there is none. */
export function useStart() {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (queue: string) => answerOf(api.POST('/v1/queues/{id}/next', { params: { path: { id: queue } }, body: {} })),
    onSuccess: (next) => {
      void cache.invalidateQueries({ queryKey: ['queues'] });
      if (next === undefined || !('case' in next)) {
        toast(t('queues.empty'));
        navigate(to.queues());
        return;
      }
      keepLease(next.case.id, next.lease);
      navigate(to.case(next.case.id));
    },
    onError: useSay(),
  });
}
