// Draws what a picture was made from as a tree: the picture on top, everything that went into it below.
const SVG = 'http://www.w3.org/2000/svg';
const ROW = 76;
const CARD = 62;
const THUMB = 46;

/** @param {Element} place @param {{history: any, preview: string, title: string, state: string}} facts @param {any} words */
export function drawHistory(place, { history, preview, title, state }, words) {
  const width = Math.max(260, Math.round(place.getBoundingClientRect().width));
  const isRtl = document.documentElement.dir === 'rtl';
  const indent = width < 420 ? 18 : 30;
  const rows = [];
  flatten(history ?? { title, generator: null, signer: null, state: 'unsigned', inputs: [] }, 0, -1, rows);
  const under = rootState(state, words);
  const described = rows.map((row, i) => textOf(row, i === 0 ? under : words.steps[row.step.state], i === 0 ? words.thisFile : null));
  const svg = make('svg', {
    viewBox: `0 0 ${width} ${rows.length * ROW - (ROW - CARD)}`,
    role: 'img',
    'aria-label': described.map((lines) => lines.filter(Boolean).join(', ')).join('. '),
  });
  for (const [i, row] of rows.entries()) svg.append(...rowOf(row, described[i], { i, rows, width, indent, isRtl, preview }));
  place.replaceChildren(svg);
  for (const node of svg.querySelectorAll('text')) cutToFit(node);
}

function flatten(step, depth, parent, rows) {
  const own = rows.length;
  rows.push({ step, depth, parent });
  for (const input of step.inputs) flatten(input, depth + 1, own, rows);
}

function rootState(state, words) {
  if (state === 'trusted' || state === 'valid') return words.steps.intact;
  return state === 'invalid' ? words.steps.broken : words.steps.unsigned;
}

function textOf({ step }, state, title) {
  return [title ?? step.title ?? step.signer ?? step.generator ?? '–', [state, step.signer ?? step.generator].filter(Boolean).join(' · ')];
}

function rowOf({ step, depth, parent }, [title, under], { i, rows, width, indent, isRtl, preview }) {
  const shift = Math.min(depth, 6) * indent;
  const y = i * ROW;
  const at = (x, w = 0) => (isRtl ? width - x - w : x);
  const isBroken = step.state === 'broken';
  const parts = [
    make('rect', {
      class: isBroken ? 'card broken' : 'card',
      x: at(shift + 1, width - shift - 2),
      y: y + 1,
      width: width - shift - 2,
      height: CARD - 2,
      rx: 12,
    }),
  ];
  if (parent >= 0) {
    const x = Math.min(rows[parent].depth, 6) * indent + indent / 2;
    parts.unshift(make('path', { class: 'line', d: `M${at(x)} ${parent * ROW + CARD}V${y + CARD / 2}H${at(shift)}` }));
  }
  const thumb = { x: at(shift + 8, THUMB), y: y + 8, width: THUMB, height: THUMB };
  parts.push(make('rect', { class: 'blank', ...thumb, rx: 7 }));
  if (i === 0) {
    const image = make('image', { ...thumb, href: preview, preserveAspectRatio: 'xMidYMid slice' });
    image.addEventListener('error', () => image.remove());
    parts.push(image);
  } else parts.push(make('path', { class: 'glyph', d: `M${thumb.x + 11} ${y + 41}l9-9 6 6 4-4 6 7M${thumb.x + 32} ${y + 23}v.01` }));
  const room = width - shift - THUMB - 34;
  parts.push(label(title, { x: at(shift + THUMB + 20), y: y + 27 }, room));
  parts.push(label(under, { class: isBroken ? 'under bad' : 'under', x: at(shift + THUMB + 20), y: y + 46 }, room));
  return parts;
}

/** `data-room` is the width in pixels that the text may take. */
function label(text, attributes, room) {
  const node = make('text', { ...attributes, 'data-room': room });
  node.textContent = text;
  return node;
}

/** Only a text that is in the page has a width; the longest beginning that fits is found by halving. */
function cutToFit(node) {
  const whole = node.textContent;
  const room = Number(node.dataset.room);
  if (node.getComputedTextLength() <= room) return;
  let [fits, tooLong] = [0, whole.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    node.textContent = `${whole.slice(0, middle).trimEnd()}…`;
    if (node.getComputedTextLength() <= room) fits = middle;
    else tooLong = middle;
  }
  node.textContent = `${whole.slice(0, fits).trimEnd()}…`;
}

function make(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}
