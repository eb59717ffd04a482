import { answerOf, api } from '../api/client.ts';
import { type Preferences, readPreferences, setPreferences } from './preferences.ts';

/** Whose settings this device has and the server has not taken yet. */
const UNSAVED = 'imprimatur.preferences.unsaved';
const SAVE_AFTER_MS = 400;

let person: string | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Sets something on this device at once, and with the account if the gateway keeps it. */
export function save(changes: Partial<Preferences>): void {
  const all = setPreferences(changes);
  note(person);
  clearTimeout(timer);
  timer = setTimeout(() => send(all), SAVE_AFTER_MS);
}

/** What somebody set on another device becomes theirs on this one, unless this one has something newer to tell. */
export function takePreferences(whose: string, stored: unknown): void {
  person = whose;
  if (unsaved() === whose) save({});
  else if (typeof stored === 'object' && stored !== null) setPreferences(readPreferences(stored));
}

async function send(all: Preferences): Promise<void> {
  try {
    await answerOf(api.PUT('/v1/me/preferences', { body: { console: { ...all } } }));
    note(null);
  } catch {
    // It stays set on this device, and is told the next time.
  }
}

function unsaved(): string | null {
  try {
    return localStorage.getItem(UNSAVED);
  } catch {
    return null;
  }
}

function note(whose: string | null): void {
  try {
    if (whose === null) localStorage.removeItem(UNSAVED);
    else localStorage.setItem(UNSAVED, whose);
  } catch {
    // A browser without storage has nothing to tell later.
  }
}
