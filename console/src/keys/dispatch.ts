import { useEffect, useEffectEvent } from 'react';
import { preferences } from '../shell/preferences.ts';
import { ACTIONS, type Action, isSingleKey, keyOf, strokeName } from './keymap.ts';

const handlers = new Map<Action, (() => void)[]>();

/** Lets an action do something while the component is on the screen. The latest to come wins, as a dialog over a page should. */
export function useAction(action: Action, handler: () => void, isEnabled = true): void {
  const run = useEffectEvent(handler);
  useEffect(() => {
    if (!isEnabled) return;
    const entry = () => run();
    const list = handlers.get(action) ?? [];
    handlers.set(action, [...list, entry]);
    return () => {
      handlers.set(
        action,
        (handlers.get(action) ?? []).filter((one) => one !== entry),
      );
    };
  }, [action, isEnabled]);
}

/** What could be done now, for the palette. */
export function activeActions(): readonly Action[] {
  return ACTIONS.filter((action) => (handlers.get(action)?.length ?? 0) > 0);
}

/** Does it, if anything on the screen takes it. */
export function perform(action: Action): boolean {
  const handler = handlers.get(action)?.at(-1);
  handler?.();
  return handler !== undefined;
}

const TYPES_TEXT = 'input:not([type="radio"],[type="checkbox"],[type="range"],[type="button"]), textarea, select, [contenteditable]';
const OWN_ENTER = 'a, button, summary, select, textarea, [role="button"]';

/** Whether a stroke belongs to what has the focus: a letter to a text field, Enter to a link, Space to a button. */
export function belongsToFocus(stroke: string, target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (isSingleKey(stroke) && target.closest(TYPES_TEXT) !== null) return true;
  if (stroke === 'Enter') return target.closest(OWN_ENTER) !== null;
  if (stroke !== 'Space') return false;
  if (target instanceof HTMLInputElement && target.type === 'radio') return !target.checked;
  return target.closest(`${OWN_ENTER}, input`) !== null;
}

/** Whether a stroke may act at all just now: single keys not while they are off, somebody types, or a dialog is open. */
function mayAct(stroke: string, event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || belongsToFocus(stroke, event.target)) return false;
  return !isSingleKey(stroke) || (preferences().keysOn && document.querySelector('dialog[open]') === null);
}

/** The one listener of the console. */
export function listenForKeys(): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    const stroke = strokeName(event);
    if (!mayAct(stroke, event)) return;
    const { keys } = preferences();
    const action = activeActions().find((one) => keyOf(one, keys) === stroke);
    // Revealing needs the key's way down and up; it listens for itself.
    if (action === undefined || action === 'reveal') return;
    event.preventDefault();
    if (!event.repeat) perform(action);
  };
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}
