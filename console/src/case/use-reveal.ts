import { useCallback, useEffect, useRef, useState } from 'react';
import { fetchPicture } from '../api/client.ts';
import { isFailure } from '../api/failure.ts';
import { belongsToFocus } from '../keys/dispatch.ts';
import { keyOf, strokeName } from '../keys/keymap.ts';
import { preferences } from '../shell/preferences.ts';
import type { HeldLease } from './use-lease.ts';

export interface Reveal {
  /** Addresses of revealed pictures by medium, only while they are held open. */
  readonly pictures: Readonly<Record<string, string>>;
  readonly state: 'hidden' | 'opening' | 'open' | 'refused';
  /** Why it was refused; null where it was not. */
  readonly problem: unknown;
  begin(): void;
  end(): void;
}

/**
 * Opens pictures while a key or a finger is held down. Each opening is a request that the server logs; nothing is kept, so the next look is
 * logged again. Letting go, leaving the window and leaving the page all close them.
 */
export function useReveal(caseId: string, mediaIds: readonly string[], held: HeldLease): Reveal {
  const [pictures, setPictures] = useState<Readonly<Record<string, string>>>({});
  const [state, setState] = useState<Reveal['state']>('hidden');
  const [problem, setProblem] = useState<unknown>(null);
  const opening = useRef<AbortController | null>(null);
  const addresses = useRef<string[]>([]);
  const { lease } = held;
  const ids = mediaIds.join(' ');

  const end = useCallback(() => {
    opening.current?.abort();
    opening.current = null;
    for (const address of addresses.current) URL.revokeObjectURL(address);
    addresses.current = [];
    setPictures({});
    setState((now) => (now === 'refused' ? now : 'hidden'));
  }, []);

  const refuse = useCallback(
    (error: unknown) => {
      if (isFailure(error, 'lease_lost')) held.lost();
      setProblem(error);
      setState('refused');
      opening.current = null;
    },
    [held],
  );

  const begin = useCallback(async () => {
    if (opening.current !== null || lease === null) return;
    const controller = new AbortController();
    opening.current = controller;
    setState('opening');
    setProblem(null);
    try {
      const opened = await Promise.all(
        ids
          .split(' ')
          .filter(Boolean)
          .map(async (id) => [id, await revealOne(caseId, id, lease, controller.signal)] as const),
      );
      if (controller.signal.aborted) return;
      const shown = opened.map(([id, blob]) => [id, URL.createObjectURL(blob)] as const);
      addresses.current = shown.map(([, address]) => address);
      setPictures(Object.fromEntries(shown));
      setState('open');
    } catch (error) {
      if (!controller.signal.aborted) refuse(error);
    }
  }, [caseId, ids, lease, refuse]);

  useEffect(() => end, [end]);
  useHeldKey(begin, end);
  return { pictures, state, problem, begin, end };
}

async function revealOne(caseId: string, id: string, lease: { id: string; fence: number }, signal: AbortSignal): Promise<Blob> {
  const path = `/v1/cases/${encodeURIComponent(caseId)}/media/${encodeURIComponent(id)}/reveal`;
  const body = JSON.stringify({ lease: lease.id, fence: lease.fence });
  return fetchPicture(path, { method: 'POST', body, headers: { 'content-type': 'application/json' }, signal });
}

/** The key of `reveal`, pressed and held; in the mode `toggle` one stroke opens and the next closes. */
function useHeldKey(begin: () => void, end: () => void): void {
  useEffect(() => {
    let isOpen = false;
    const matches = (event: KeyboardEvent) => strokeName(event) === keyOf('reveal', preferences().keys);
    const close = () => {
      isOpen = false;
      end();
    };
    const down = (event: KeyboardEvent) => {
      if (!matches(event) || belongsToFocus(strokeName(event), event.target)) return;
      if (!preferences().keysOn || document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      if (event.repeat) return;
      if (isOpen) close();
      else {
        isOpen = true;
        begin();
      }
    };
    const up = (event: KeyboardEvent) => {
      if (isOpen && matches(event) && preferences().reveal === 'hold') close();
    };
    const hidden = () => document.visibilityState === 'hidden' && close();
    addEventListener('keydown', down);
    addEventListener('keyup', up);
    addEventListener('blur', close);
    document.addEventListener('visibilitychange', hidden);
    return () => {
      removeEventListener('keydown', down);
      removeEventListener('keyup', up);
      removeEventListener('blur', close);
      document.removeEventListener('visibilitychange', hidden);
    };
  }, [begin, end]);
}
