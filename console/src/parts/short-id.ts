const WITH_KIND = /^([a-z]+)_[0-9a-z]{12,}$/;

/** An id that people can tell apart at a glance: its kind and its end, since ids of one day begin alike; the whole stands in the title. */
export function shortId(id: string): string {
  const kind = WITH_KIND.exec(id)?.[1];
  if (kind !== undefined) return `${kind} ${id.slice(-6)}`;
  return id.length > 16 ? `${id.slice(0, 8)}…${id.slice(-5)}` : id;
}
