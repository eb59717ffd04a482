import { useSyncExternalStore } from 'react';

/** What a reviewer has set for themselves. Kept on this device, and on the server where it takes them. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  readonly language: string | null;
  readonly keysOn: boolean;
  /** Key by action, where it differs from the default. */
  readonly keys: Readonly<Record<string, string>>;
  /** How much more a derivative is blurred here than it is already. */
  readonly blur: 0 | 1 | 2;
  /** Whether a revealed picture is shown without color. */
  readonly grey: boolean;
  readonly reveal: 'hold' | 'toggle';
}

const DEFAULTS: Preferences = { theme: 'system', language: null, keysOn: true, keys: {}, blur: 1, grey: true, reveal: 'hold' };
const PLACE = 'imprimatur.preferences';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is known of a stored object is taken; anything else has no effect. */
export function readPreferences(stored: unknown): Preferences {
  const from = isRecord(stored) ? stored : {};
  const { theme, language, blur, reveal } = from;
  const keys = isRecord(from['keys']) ? Object.entries(from['keys']).filter(([, key]) => typeof key === 'string') : [];
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : DEFAULTS.theme,
    language: typeof language === 'string' ? language : null,
    keysOn: from['keysOn'] !== false,
    keys: Object.fromEntries(keys.map(([action, key]) => [action, String(key)])),
    blur: blur === 0 || blur === 1 || blur === 2 ? blur : DEFAULTS.blur,
    grey: from['grey'] !== false,
    reveal: reveal === 'toggle' ? 'toggle' : 'hold',
  };
}

function load(): Preferences {
  try {
    return readPreferences(JSON.parse(localStorage.getItem(PLACE) ?? '{}'));
  } catch {
    return DEFAULTS;
  }
}

let current = load();
const listeners = new Set<() => void>();

/** Changes some of them, on this device. The settings page also sends them. */
export function setPreferences(changes: Partial<Preferences>): Preferences {
  current = { ...current, ...changes };
  try {
    localStorage.setItem(PLACE, JSON.stringify(current));
  } catch {
    // A browser without storage forgets them with the tab.
  }
  applyTheme();
  for (const listener of listeners) listener();
  return current;
}

export const preferences = (): Preferences => current;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}

const darkScheme = matchMedia('(prefers-color-scheme: dark)');

/** Puts the wished colors on the document, before the first paint and whenever the system's change. */
export function applyTheme(): void {
  const isDark = current.theme === 'dark' || (current.theme === 'system' && darkScheme.matches);
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
}

darkScheme.addEventListener('change', applyTheme);
