import { useState } from 'react';
import type { Region } from '../api/decision.ts';
import type { Dossier, Medium } from '../api/dossier.ts';
import { useAction } from '../keys/dispatch.ts';
import { usePreferences } from '../shell/preferences.ts';
import { useWords } from '../words/use-words.tsx';
import { ApprovalStage } from './approval-stage.tsx';
import { CampaignStage } from './campaign-stage.tsx';
import { Compare } from './compare.tsx';
import { Fitted } from './fitted.tsx';
import { Picture } from './picture.tsx';
import { RegionSurface } from './region-surface.tsx';
import { RegionTools } from './region-tools.tsx';
import { RevealHint } from './reveal-hint.tsx';
import { StageTools } from './stage-tools.tsx';
import type { HeldLease } from './use-lease.ts';
import { useRegions } from './use-regions.ts';
import { useReveal } from './use-reveal.ts';
import { WordsStage } from './words-stage.tsx';

interface StageProps {
  readonly dossier: Dossier;
  readonly held: HeldLease;
  /** Set while regions are drawn for an edit. */
  readonly regions: readonly Region[] | null;
  readonly onRegions: (regions: readonly Region[]) => void;
}

/** What is decided on: the pictures, or the text where nothing was made yet. */
export function Stage(props: StageProps) {
  const { media, request, approval, kind, subject } = props.dossier;
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      media.findIndex(({ role }) => role === 'output'),
    ),
  );
  const current = media[at];
  const step = (by: number) => setAt((now) => (now + by + media.length) % media.length);
  useAction('previous', () => step(-1), media.length > 1);
  useAction('next', () => step(1), media.length > 1);
  if (approval !== undefined && approval !== null) return <ApprovalStage approval={approval} />;
  const campaign = kind === 'campaign' ? subject?.['campaign'] : undefined;
  if (typeof campaign === 'string') return <CampaignStage id={campaign} />;
  if (current === undefined) return <WordsStage dossier={props.dossier} request={request} />;
  return <Pictures {...props} current={current} onPick={setAt} />;
}

interface PicturesProps extends StageProps {
  readonly current: Medium;
  readonly onPick: (index: number) => void;
}

/** A blurred grey derivative until somebody holds the key down, and no other bytes before that. */
function Pictures({ dossier, held, regions, onRegions, current, onPick }: PicturesProps) {
  const { t } = useWords();
  const { blur, grey, reveal: mode } = usePreferences();
  const [isComparing, setComparing] = useState(false);
  const partner = partnerOf(current, dossier.media);
  const compared = isComparing && regions === null ? partner : null;
  const reveal = useReveal(dossier.id, compared === null ? [current.id] : [current.id, compared.id], held);
  const editing = useRegions(regions ?? [], onRegions, current.id);
  const isOpen = reveal.state === 'open';
  const look = { caseId: dossier.id, blur, grey, pictures: reveal.pictures };
  const holds =
    mode === 'hold'
      ? { onPointerDown: reveal.begin, onPointerUp: reveal.end, onPointerLeave: reveal.end, onPointerCancel: reveal.end }
      : { onClick: isOpen ? reveal.end : reveal.begin };
  return (
    <section className="stage-pane" aria-label={t('case.media')}>
      <StageTools
        media={dossier.media}
        current={compared === null ? current : null}
        onPick={(index) => {
          onPick(index);
          setComparing(false);
        }}
        onCompare={partner === null ? null : () => setComparing(!isComparing)}
      />
      {regions !== null && <RegionTools editing={editing} />}
      <div className={`stage${isOpen ? ' open' : ''}`} data-reveal={reveal.state}>
        {compared === null ? (
          <Fitted medium={current}>
            {(onRatio) => (
              <>
                <Picture medium={current} look={look} onRatio={onRatio} />
                {regions !== null && <RegionSurface editing={editing} />}
              </>
            )}
          </Fitted>
        ) : (
          <Compare first={compared} second={current} look={look} />
        )}
        {regions === null && <div className="hold-area" {...holds} aria-hidden="true" />}
        <RevealHint
          state={reveal.state}
          problem={reveal.problem}
          canReveal={held.lease !== null}
          isOpenCase={dossier.status === 'open' || dossier.status === 'escalated'}
          onPress={reveal}
        />
      </div>
    </section>
  );
}

function partnerOf(current: Medium, media: readonly Medium[]): Medium | null {
  return media.find(({ id, partner }) => id === current.partner || partner === current.id) ?? null;
}
