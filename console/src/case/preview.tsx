import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf } from '../api/client.ts';
import type { PreviewPart } from '../api/decision.ts';
import type { Dossier, Lease } from '../api/dossier.ts';
import { Button } from '../parts/button.tsx';
import { UserText } from '../parts/user-text.tsx';
import { useWords } from '../words/use-words.tsx';
import { lackOf, requestOf } from './choices.ts';
import { Section } from './section.tsx';
import type { DecisionForm } from './use-form.ts';

interface PreviewProps {
  readonly dossier: Dossier;
  readonly decision: DecisionForm;
  readonly lease: Lease | null;
}

const WAITS = { second_person: 'case.previewSecond', boards: 'case.previewBoards' } as const;

/** What each receiver will be sent, from the renderer that will send it. */
export function Preview({ dossier, decision, lease }: PreviewProps) {
  const { t } = useWords();
  const { form, chosen } = decision;
  const isComplete = lackOf(form, chosen) === null;
  const body = chosen === undefined ? null : requestOf(form, chosen, dossier.policy.ref, lease);
  const { lease: _lease, fence: _fence, ...asked } = body ?? { decision: '' };
  const preview = useQuery({
    queryKey: ['cases', dossier.id, 'preview', asked],
    queryFn: async ({ signal }) =>
      bodyOf(api.POST('/v1/cases/{id}/preview', { params: { path: { id: dossier.id } }, body: asked, signal })),
    enabled: isComplete && body !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (chosen === undefined) return null;
  const waits = preview.data?.waits_for ?? null;
  return (
    <Section title={t('case.preview')}>
      {!isComplete && <p className="soft small">{t('case.previewWaits')}</p>}
      {isComplete && preview.isError && <p className="soft small">{t('case.previewMissing')}</p>}
      {isComplete && preview.data !== undefined && (
        <>
          {waits !== null && <p className="small soft">{t(WAITS[waits])}</p>}
          {preview.data.receivers.length === 0 ? (
            <p className="small soft">{t('case.previewNobody')}</p>
          ) : (
            <Letters receivers={preview.data.receivers} />
          )}
        </>
      )}
    </Section>
  );
}

/** One at a time; several to the same receiver stand one under the other. */
function Letters({ receivers }: { readonly receivers: readonly PreviewPart[] }) {
  const { t, named } = useWords();
  const [wish, setWish] = useState<string | null>(null);
  const kinds = [...new Set(receivers.map(({ to }) => to))];
  const shown = kinds.find((one) => one === wish) ?? kinds[0];
  return (
    <>
      <div className="tabs small">
        {kinds.map((to) => (
          <Button key={to} tone="quiet" isPressed={to === shown} onClick={() => setWish(to)}>
            {named('receiver', to)}
          </Button>
        ))}
      </div>
      {receivers
        .filter(({ to }) => to === shown)
        .map((part) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
          <section key={part.title + part.text} className="letter" aria-label={part.title || t('case.preview')} tabIndex={0}>
            <strong dir="auto">{part.title}</strong>
            {part.data === null || part.data === undefined ? (
              <p dir="auto">
                <UserText text={part.text} />
              </p>
            ) : (
              <pre className="mono" dir="ltr">
                {JSON.stringify(part.data, null, 2)}
              </pre>
            )}
          </section>
        ))}
    </>
  );
}
