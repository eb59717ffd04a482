// What the page says of our own invisible mark, in plain words: whose it is, and what was done to the picture since.

/** @param {any} watermark of a report @param {any} words @returns {{kind: string, sentence: string, changes: string, id: string}} */
export function describeMark({ state, mark }, { mark: words, language }) {
  if (mark === null || state !== 'found') {
    const kind = state === 'absent' ? 'absent' : 'unseen';
    return { kind, sentence: words[kind], changes: '', id: '' };
  }
  const kind = kindOf(mark);
  const changes = changesOf(mark.transform, words.changes);
  const list = new Intl.ListFormat(language, { type: 'unit', style: 'long' }).format(changes);
  const since = changes.length === 0 ? '' : words.since.replace('{changes}', list);
  return { kind, sentence: words[kind], changes: since, id: mark.artifact_id ?? '' };
}

function kindOf({ of, picture }) {
  if (of === 'review-copy') return 'reviewer';
  if (of !== 'artifact') return 'unrecorded';
  return { same: 'same', different: 'copied' }[picture] ?? 'unsure';
}

/** A change so small that nobody would see it is none. */
function changesOf({ scale, rotation_degrees, mirrored, inverted, part }, words) {
  const size = Math.sqrt(scale[0] * scale[1]);
  const degrees = Math.round(Math.abs(rotation_degrees));
  return [
    ...(size < 0.97 ? [words.smaller] : size > 1.03 ? [words.larger] : []),
    ...(degrees === 0 ? [] : [words.turned.replace('{degrees}', String(degrees))]),
    ...(mirrored ? [words.mirrored] : []),
    ...(inverted ? [words.inverted] : []),
    ...(part.width < 0.97 || part.height < 0.97 ? [words.framed] : []),
  ];
}
