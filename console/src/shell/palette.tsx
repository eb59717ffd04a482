import { useState } from 'react';
import { useLocation } from 'wouter';
import { activeActions, perform } from '../keys/dispatch.ts';
import { KeyHint } from '../keys/key-hint.tsx';
import { type Action, KEYMAP } from '../keys/keymap.ts';
import { Dialog } from '../parts/dialog.tsx';
import { PLACES, to } from '../routes.ts';
import { useWords } from '../words/use-words.tsx';
import { useMe } from './signed-in.tsx';

interface Choice {
  readonly id: string;
  readonly text: string;
  readonly action?: Action;
  readonly run: () => void;
}

/** Ctrl+K: go somewhere, do something, or open a case by its id. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { t } = useWords();
  const { permissions } = useMe();
  const [, navigate] = useLocation();
  const [wish, setWish] = useState('');
  const [at, setAt] = useState(0);
  const [doable] = useState(activeActions);
  const choices: Choice[] = [
    ...PLACES.filter(({ permission }) => permission === null || permissions.includes(permission)).map(
      (place): Choice => ({ id: place.to, text: t(place.label), run: () => navigate(place.to) }),
    ),
    ...doable
      .filter((action) => action !== 'palette' && action !== 'reveal' && !action.startsWith('decide.'))
      .map((action): Choice => ({ id: action, text: t(KEYMAP[action].label), action, run: () => perform(action) })),
  ];
  const term = wish.trim();
  const matching = choices.filter(({ text }) => text.toLowerCase().includes(term.toLowerCase()));
  const shown: Choice[] = /^case_\w+$/.test(term)
    ? [{ id: term, text: term, run: () => navigate(to.case(term)) }, ...matching]
    : term === ''
      ? matching
      : [...matching, { id: 'search', text: t('search.for', { q: term }), run: () => navigate(to.search(term)) }];
  const current = Math.min(at, shown.length - 1);
  const take = (choice: Choice | undefined) => {
    onClose();
    // After the dialog has given the focus back.
    if (choice !== undefined) setTimeout(choice.run);
  };
  return (
    <Dialog title={t('keys.palette')} onClose={onClose} className="palette">
      <input
        className="input"
        role="combobox"
        aria-label={t('keys.palette')}
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={`palette-${current}`}
        autoComplete="off"
        spellCheck={false}
        value={wish}
        onChange={(event) => {
          setWish(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setAt((current + 1) % shown.length);
          else if (event.key === 'ArrowUp') setAt((current + shown.length - 1) % shown.length);
          else if (event.key === 'Enter') take(shown[current]);
          else return;
          event.preventDefault();
        }}
      />
      <div id="palette-list" role="listbox" aria-label={t('keys.palette')} className="palette-list">
        {shown.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input above has the focus and takes the keys of the list.
          <div
            key={choice.id}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            onClick={() => take(choice)}
          >
            {choice.text}
            {choice.action !== undefined && <KeyHint action={choice.action} />}
          </div>
        ))}
      </div>
    </Dialog>
  );
}
