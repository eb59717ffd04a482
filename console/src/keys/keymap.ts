import type { Key } from '../words/words.ts';

interface Binding {
  readonly key: string;
  readonly label: Key;
  readonly group: 'everywhere' | 'case' | 'go';
}

/** Every action of the keyboard and its key. `settings.keys` of a reviewer may say another. Names of keys are `KeyboardEvent.key`. */
export const KEYMAP = {
  palette: { key: 'Ctrl+k', label: 'keys.palette', group: 'everywhere' },
  help: { key: '?', label: 'keys.help', group: 'everywhere' },
  search: { key: '/', label: 'nav.search', group: 'everywhere' },
  start: { key: 'Enter', label: 'queues.start', group: 'everywhere' },
  reveal: { key: 'Space', label: 'case.reveal', group: 'case' },
  'decide.1': { key: '1', label: 'keys.choice1', group: 'case' },
  'decide.2': { key: '2', label: 'keys.choice2', group: 'case' },
  'decide.3': { key: '3', label: 'keys.choice3', group: 'case' },
  'decide.4': { key: '4', label: 'keys.choice4', group: 'case' },
  'decide.5': { key: '5', label: 'keys.choice5', group: 'case' },
  'decide.6': { key: '6', label: 'keys.choice6', group: 'case' },
  'decide.7': { key: '7', label: 'keys.choice7', group: 'case' },
  'decide.8': { key: '8', label: 'keys.choice8', group: 'case' },
  'decide.9': { key: '9', label: 'keys.choice9', group: 'case' },
  submit: { key: 'Enter', label: 'case.submit', group: 'case' },
  submitNext: { key: 'Shift+Enter', label: 'case.submitNext', group: 'case' },
  escalate: { key: 'e', label: 'decision.escalate', group: 'case' },
  actOnUser: { key: 'f', label: 'decision.block_user', group: 'case' },
  claim: { key: 'a', label: 'case.claim', group: 'case' },
  clear: { key: 'Escape', label: 'keys.clear', group: 'case' },
  undo: { key: 'u', label: 'case.undo', group: 'case' },
  note: { key: 'c', label: 'case.note', group: 'case' },
  previous: { key: '[', label: 'keys.previous', group: 'case' },
  next: { key: ']', label: 'keys.next', group: 'case' },
  compare: { key: 'v', label: 'case.compare', group: 'case' },
  grey: { key: 'g', label: 'case.grey', group: 'case' },
  blur: { key: 'b', label: 'case.blur', group: 'case' },
  addRegion: { key: 'n', label: 'edit.add', group: 'case' },
  policy: { key: 'p', label: 'case.policy', group: 'case' },
  history: { key: 'h', label: 'case.history', group: 'case' },
  cluster: { key: 'd', label: 'case.cluster', group: 'case' },
  skip: { key: 's', label: 'case.skip', group: 'case' },
  extend: { key: 'r', label: 'case.extend', group: 'case' },
  break: { key: 'x', label: 'break.take', group: 'everywhere' },
  rowNext: { key: 'j', label: 'keys.rowNext', group: 'everywhere' },
  rowPrevious: { key: 'k', label: 'keys.rowPrevious', group: 'everywhere' },
  goQueues: { key: 'Alt+1', label: 'nav.queues', group: 'go' },
  goSearch: { key: 'Alt+2', label: 'nav.search', group: 'go' },
  goGates: { key: 'Alt+3', label: 'nav.gates', group: 'go' },
} as const satisfies Readonly<Record<string, Binding>>;

export type Action = keyof typeof KEYMAP;

export function isAction(name: string): name is Action {
  return Object.hasOwn(KEYMAP, name);
}

export const ACTIONS: readonly Action[] = Object.keys(KEYMAP).filter(isAction);

/** The key of an action for this reviewer. */
export function keyOf(action: Action, remapped: Readonly<Record<string, string>>): string {
  return remapped[action] ?? KEYMAP[action].key;
}

interface Stroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** A stroke as the keymap writes it: `Ctrl+k`, `Shift+Enter`, `Space`, `?`. The command key of a Mac counts as Ctrl. */
export function strokeName({ key, ctrlKey, metaKey, altKey, shiftKey }: Stroke): string {
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toLowerCase() : key;
  // A character already says that Shift made it.
  const withShift = shiftKey && (key.length > 1 || /[a-z]/i.test(key));
  return [ctrlKey || metaKey ? 'Ctrl+' : '', altKey ? 'Alt+' : '', withShift ? 'Shift+' : '', name].join('');
}

/** Single keys are what WCAG 2.1.4 speaks of: they can be switched off, and never act while somebody types. */
export function isSingleKey(stroke: string): boolean {
  return !stroke.startsWith('Ctrl+') && !stroke.startsWith('Alt+');
}

/** Actions that would share a key with this one where both can act. */
export function clashes(action: Action, key: string, remapped: Readonly<Record<string, string>>): readonly Action[] {
  const group = KEYMAP[action].group;
  return ACTIONS.filter((other) => {
    if (other === action || keyOf(other, remapped) !== key) return false;
    // Starting a queue and sending a decision happen on different pages.
    if (action === 'start' || other === 'start') return false;
    return group === KEYMAP[other].group || group === 'everywhere' || KEYMAP[other].group === 'everywhere';
  });
}
