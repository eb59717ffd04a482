// The script of /verify. Text from files and from the gateway goes into the page as text, never as markup.
import { drawHistory } from './page-history.mjs';
import { describeMark } from './page-mark.mjs';

const words = JSON.parse(document.getElementById('words').textContent);
const $ = (id) => document.getElementById(id);
const input = $('file');
const result = $('result');
let preview = null;
let turn = 0;

input.addEventListener('change', () => void look(input.files[0]));
addEventListener('paste', (event) => void look(event.clipboardData?.files[0]));
for (const kind of ['dragover', 'dragleave', 'drop']) {
  addEventListener(kind, (event) => {
    event.preventDefault();
    $('drop').classList.toggle('over', kind === 'dragover');
    if (kind === 'drop') void look(event.dataTransfer?.files[0]);
  });
}

async function look(file) {
  if (file === undefined) return;
  const mine = ++turn;
  if (file.size > words.maxBytes) return complain(words.tooLarge);
  state('reading');
  say(words.reading);
  result.hidden = true;
  $('trouble').textContent = '';
  const outcome = await ask(file);
  input.value = '';
  if (mine !== turn) return;
  if (typeof outcome === 'string') complain(outcome);
  else show(file, outcome);
}

/** The report, or the sentence that says why there is none. */
async function ask(file) {
  const form = new FormData();
  form.append('file', file, 'picture');
  try {
    const answer = await fetch('/v1/verify', { method: 'POST', body: form });
    if (answer.status === 413) return words.tooLarge;
    return answer.ok ? await answer.json() : words.error;
  } catch {
    return words.offline;
  }
}

function complain(sentence) {
  state('empty');
  result.hidden = true;
  $('trouble').textContent = sentence;
  say('');
}

function state(name) {
  document.body.dataset.state = name;
  if (name === 'result') document.querySelector('.choose').textContent = words.again;
}

/** To a screen reader; the same stands in the page for those who see it. */
function say(sentence) {
  $('status').textContent = sentence;
}

function show(file, report) {
  const { verdict, origin, c2pa, record } = report;
  const isBrokenInput = hasBroken(c2pa.history?.inputs ?? []);
  state('result');
  result.hidden = false;
  result.dataset.tone = toneOf(report, isBrokenInput);
  $('verdict').textContent = words.verdicts[verdict];
  document.querySelector('.mark').replaceChildren(markOf(result.dataset.tone));
  note(
    isBrokenInput
      ? words.brokenInput
      : record?.takedown
        ? recordNote(record)
        : origin.made === 'unknown' && !isOddMark(report)
          ? words.silence
          : '',
  );
  const strength = origin.strength === 'none' ? '' : words[origin.strength];
  answer('ai', words.made[origin.made], strength);
  answer(
    'by',
    NAMES[origin.by] ?? origin.by ?? words.made.unknown,
    c2pa.signer?.organization === origin.by ? '' : (c2pa.signer?.organization ?? ''),
  );
  answer('intact', intactOf(report));
  answer('record', record === null ? words.noRecord : record.model, recordNote(record));
  const mark = describeMark(report.watermark, words);
  document.querySelector('.wide').classList.toggle('odd', isOddMark(report));
  answer('mark', mark.sentence, mark.changes, mark.id);
  if (preview !== null) URL.revokeObjectURL(preview);
  preview = URL.createObjectURL(file);
  drawHistory(document.querySelector('.tree'), { history: c2pa.history, preview, title: file.name, state: c2pa.state }, words);
  list(report);
  say(words.verdicts[verdict]);
  $('verdict').focus();
}

function hasBroken(steps) {
  return steps.some((step) => step.state === 'broken' || hasBroken(step.inputs));
}

/** The mark is about something else than a published picture of ours. */
function isOddMark({ watermark }) {
  return ['copied', 'reviewer', 'unrecorded'].includes(describeMark(watermark, words).kind);
}

function toneOf(report, isBrokenInput) {
  const { verdict, c2pa, record } = report;
  if (isOddMark(report)) return 'warn';
  if (isBrokenInput || record?.takedown || c2pa.state === 'invalid' || verdict === 'ours-altered') return 'warn';
  return verdict === 'ours-intact' || c2pa.state === 'trusted' ? 'good' : 'plain';
}

function intactOf({ verdict, c2pa }) {
  if (verdict === 'ours-intact' || c2pa.state === 'trusted' || c2pa.state === 'valid')
    return verdict === 'ours-altered' ? words.no : words.yes;
  return verdict === 'ours-altered' || c2pa.state === 'invalid' ? words.no : words.unclear;
}

function recordNote(record) {
  if (record === null) return '';
  return record.takedown == null ? day(record.published_at) : words.takenDown.replace('{date}', day(record.takedown.at));
}

function day(iso) {
  return new Intl.DateTimeFormat(words.language, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(iso));
}

function note(sentence) {
  $('note').textContent = sentence;
  $('note').hidden = sentence === '';
}

function answer(name, text, ...under) {
  const place = document.querySelector(`[data-answer="${name}"]`);
  place.textContent = text;
  for (const line of under.filter((one) => one !== '')) {
    const small = document.createElement('small');
    small.textContent = line;
    place.append(small);
  }
}

const NAMES = {
  automatic1111: 'AUTOMATIC1111',
  comfyui: 'ComfyUI',
  invokeai: 'InvokeAI',
  novelai: 'NovelAI',
  fooocus: 'Fooocus',
  midjourney: 'Midjourney',
  'dall-e': 'OpenAI',
  firefly: 'Adobe Firefly',
  'google-ai': 'Google AI',
  stability: 'Stable Diffusion',
  'other-ai': 'AI',
};

function list({ metadata, watermark }) {
  const says = [
    ...metadata.generators.map(({ tool, model, where }) => [[NAMES[tool], model].filter(Boolean).join(' · '), where]),
    ...(watermark.foreign ?? []).map(({ variant }) => [`Stable Diffusion (${variant})`, 'watermark']),
    ...(metadata.sourceType === null ? [] : [[metadata.sourceType, 'IPTC DigitalSourceType']]),
    ...(metadata.aiSystem === null
      ? []
      : [[[metadata.aiSystem.name, metadata.aiSystem.version].filter(Boolean).join(' ') || 'AI', 'IPTC AISystemUsed']]),
    ...(metadata.tc260 === null ? [] : [[metadata.tc260.producer ?? metadata.tc260.label ?? 'AIGC', 'TC260 AIGC']]),
    ...(metadata.dataMining === null ? [] : [[metadata.dataMining, 'plus:DataMining']]),
    ...(metadata.camera === null ? [] : [[metadata.camera, 'EXIF']]),
  ];
  $('says').hidden = says.length === 0;
  $('says')
    .querySelector('ul')
    .replaceChildren(...says.map(([text, where]) => item(text, where)));
}

function item(text, where) {
  const li = document.createElement('li');
  const small = document.createElement('small');
  small.textContent = where;
  li.append(text, small);
  return li;
}

function markOf(tone) {
  const paths = { good: 'm6 12.5 4 4 8-9', warn: 'M12 6v7.5M12 17.4v.1', plain: 'M7 12h10' };
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  for (const [name, value] of Object.entries({
    viewBox: '0 0 24 24',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': 2.2,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  }))
    svg.setAttribute(name, value);
  path.setAttribute('d', paths[tone]);
  svg.append(path);
  return svg;
}
