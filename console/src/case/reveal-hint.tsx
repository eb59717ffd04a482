import { KeyHint } from '../keys/key-hint.tsx';
import { Icon } from '../parts/icons.tsx';
import { Problem } from '../parts/problem.tsx';
import { useWords } from '../words/use-words.tsx';

interface RevealHintProps {
  readonly state: string;
  readonly problem: unknown;
  readonly canReveal: boolean;
  /** Decided cases stay as they are: nobody can claim them to look. */
  readonly isOpenCase: boolean;
  readonly onPress: { begin(): void; end(): void };
}

/** Says how to look, and that looking is logged. A real button, for those who use neither the pointer nor the key. */
export function RevealHint({ state, problem, canReveal, isOpenCase, onPress }: RevealHintProps) {
  const { t } = useWords();
  const text =
    state === 'opening'
      ? t('case.opening')
      : state === 'open'
        ? t('case.closeHint')
        : canReveal
          ? t('case.revealHint')
          : isOpenCase
            ? t('case.revealNeedsLease')
            : t('case.staysBlurred');
  return (
    <div className="reveal-hint">
      <button
        type="button"
        className="reveal-button"
        disabled={!canReveal}
        onPointerDown={onPress.begin}
        onPointerUp={onPress.end}
        onPointerLeave={onPress.end}
        onClick={(event) => event.detail === 0 && (state === 'open' ? onPress.end() : onPress.begin())}
      >
        <Icon name={canReveal ? 'eye' : 'lock'} size={14} />
        {text}
        {canReveal && state !== 'open' && <KeyHint action="reveal" />}
      </button>
      <span className="unseen" role="status">
        {state === 'open' ? t('case.opened') : ''}
      </span>
      {problem !== null && state === 'refused' && <Problem error={problem} />}
    </div>
  );
}
