import { usePreferences } from '../shell/preferences.ts';
import { type Action, keyOf } from './keymap.ts';

const SHOWN: Readonly<Record<string, string>> = { Enter: '↵', 'Shift+Enter': '⇧↵', Escape: 'Esc', 'Ctrl+k': 'Ctrl K' };

/** The key of an action, on its button. Screen readers hear it through `aria-keyshortcuts`. */
export function KeyHint({ action }: { readonly action: Action }) {
  const { keysOn, keys } = usePreferences();
  if (!keysOn) return null;
  const key = keyOf(action, keys);
  return <kbd>{SHOWN[key] ?? (key.length === 1 ? key.toUpperCase() : key)}</kbd>;
}

/** The value of `aria-keyshortcuts` for an action, if keys are on. */
export function useShortcut(action: Action | undefined): string | undefined {
  const { keysOn, keys } = usePreferences();
  return keysOn && action !== undefined ? keyOf(action, keys).replace('Ctrl+', 'Control+') : undefined;
}
