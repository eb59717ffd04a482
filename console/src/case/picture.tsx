import type { Medium } from '../api/dossier.ts';
import { useWords } from '../words/use-words.tsx';

export interface Look {
  readonly caseId: string;
  readonly blur: 0 | 1 | 2;
  readonly grey: boolean;
  /** Revealed pictures by medium. */
  readonly pictures: Readonly<Record<string, string>>;
}

/** Where the server's blurred grey derivative is. The picture itself has no address: it is asked for by a logged act. */
function derivativeOf({ caseId, blur }: Pick<Look, 'caseId' | 'blur'>, mediaId: string): string {
  return `/v1/cases/${encodeURIComponent(caseId)}/media/${encodeURIComponent(mediaId)}?blur=${blur + 1}`;
}

interface PictureProps {
  readonly medium: Medium;
  readonly look: Look;
  readonly onRatio?: (ratio: number) => void;
}

/** One picture, fitted to its box. */
export function Picture({ medium, look, onRatio }: PictureProps) {
  const { t } = useWords();
  const open = look.pictures[medium.id];
  const alt = medium.alt ?? t('case.noAlt');
  return (
    <img
      className={`picture${open === undefined ? ' veiled' : look.grey ? ' grey' : ''}`}
      src={open ?? derivativeOf(look, medium.id)}
      alt={open === undefined ? t('case.hiddenAlt', { alt }) : alt}
      draggable={false}
      onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => naturalHeight > 0 && onRatio?.(naturalWidth / naturalHeight)}
    />
  );
}
