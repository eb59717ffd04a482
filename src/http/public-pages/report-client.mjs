// The script of /report. Text goes into the page as text, never as markup.
import { fillHelp, guessedCountry } from './help-links.mjs';
import { problemIn } from './report-fields.mjs';

const data = JSON.parse(document.getElementById('words').textContent);
const { words } = data;
const $ = (id) => document.getElementById(id);
const form = $('form');
const sections = [...document.querySelectorAll('[data-step]')];
let step = 0;
let hash = null;
let hashTurn = 0;

document.body.classList.add('stepped');
$('country').value = guessedCountry(data.countries);
fillHelp($('help'), $('country').value, data);
$('country').addEventListener('change', () => fillHelp($('help'), $('country').value, data));
form.addEventListener('change', (event) => event.target.name === 'kind' && kindChosen(event.target.value));
$('picture').addEventListener('change', () => void pictureChosen($('picture').files[0]));
$('back').addEventListener('click', () => show(step - 1));
$('next').addEventListener('click', () => complaint(step) || show(step + 1));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (step < sections.length - 1) return complaint(step) || show(step + 1);
  if (!complaint(step)) void send();
});
const chosen = form.querySelector('[name=kind]:checked');
if (chosen !== null) kindChosen(chosen.value);
show(0, false);

function kindChosen(kind) {
  const { mayBeAnonymous, needsRelation } = data.kinds[kind];
  $('anonymous').hidden = !mayBeAnonymous;
  $('relation').hidden = !needsRelation;
}

function show(next, focus = true) {
  step = Math.max(0, Math.min(sections.length - 1, next));
  for (const [i, section] of sections.entries()) section.hidden = i !== step;
  for (const [i, item] of [...$('steps').children].entries()) {
    item.classList.toggle('past', i < step);
    if (i === step) item.setAttribute('aria-current', 'step');
    else item.removeAttribute('aria-current');
  }
  $('back').hidden = step === 0;
  $('next').hidden = step === sections.length - 1;
  $('send').hidden = step < sections.length - 1;
  clear();
  if (focus) sections[step].querySelector('h2').focus();
}

async function pictureChosen(file) {
  const mine = ++hashTurn;
  hash = null;
  clear();
  $('sendAsWell').hidden = file === undefined;
  if (file === undefined) return tell('');
  tell(words.hashing);
  // One frame, so that the line above is seen before the work begins.
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  // Only who has a picture needs it, and the page must not wait for it.
  const hasher = await import('./hash-picture.mjs').catch(() => null);
  if (hasher === null) return tell(words.offline, 'odd');
  const made = await hasher.hashPicture(file);
  if (mine !== hashTurn) return;
  if (made.kind !== 'hashed') return tell(words[made.kind], 'odd');
  if (made.quality < data.minQuality) return tell(words.weak, 'odd');
  hash = { pdq: made.pdq, quality: made.quality };
  tell(words.hashed, 'good');
  $('fingerprint').textContent = made.pdq[0].match(/.{8}/g).join(' ');
}

function tell(sentence, tone = '') {
  $('hashed').textContent = sentence;
  $('hashed').dataset.tone = tone;
  $('fingerprint').textContent = '';
}

/** Shows what is missing in a step, beside its field; true when something is. */
function complaint(at) {
  clear();
  const problem = problemIn(at, { values: valuesOf(), words, kinds: data.kinds });
  if (problem === null) return false;
  mark(problem.field, problem.sentence);
  return true;
}

function mark(field, sentence) {
  const input = field === 'kind' ? form.querySelector('[name=kind]') : $(field);
  const place = $(`${field}-problem`);
  if (input === null || place === null) return trouble(sentence);
  place.textContent = sentence;
  input.setAttribute('aria-invalid', 'true');
  input.focus();
}

function clear() {
  for (const place of document.querySelectorAll('.problem')) place.textContent = '';
  for (const input of form.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
  trouble('');
}

function trouble(sentence) {
  $('trouble').textContent = sentence;
}

function valuesOf() {
  const fields = new FormData(form);
  const text = (name) => String(fields.get(name) ?? '').trim();
  const file = $('picture').files[0] ?? null;
  return {
    kind: text('kind'),
    urls: text('urls').split(/\s+/).filter(Boolean),
    hash,
    file: $('sendPicture').checked ? file : null,
    description: text('description'),
    relation: text('relation'),
    name: text('name'),
    email: text('email'),
    region: text('region'),
    signature: text('signature'),
    good_faith: fields.get('good_faith') === 'on',
  };
}

async function send() {
  $('send').disabled = true;
  $('send').textContent = words.sending;
  const outcome = await post(valuesOf());
  $('send').disabled = false;
  $('send').textContent = words.send;
  if (typeof outcome === 'string') trouble(outcome);
  else arrived(outcome);
}

/** What was answered, or the sentence that says why there is no answer. */
async function post({ file, hash: made, ...values }) {
  const { mayBeAnonymous, needsRelation } = data.kinds[values.kind];
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  if (!needsRelation) delete given.relation;
  const body = { ...given, language: data.language, hashes: made === null ? [] : [made] };
  try {
    const answer = await fetch('/v1/notices', file === null ? asJson(body) : { method: 'POST', body: asForm(body, file) });
    const said = await answer.json().catch(() => null);
    if (answer.ok && said !== null) return said;
    if (answer.status === 429) return words.tooMany;
    return mayBeAnonymous || said?.error?.param === undefined || said.error.param === null
      ? words.failed
      : `${words.failed} (${said.error.param})`;
  } catch {
    return words.offline;
  }
}

function asJson(body) {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function asForm({ hashes, urls, ...rest }, file) {
  const fields = new FormData();
  for (const [name, value] of Object.entries(rest)) fields.append(name, String(value));
  fields.append('urls', urls.join('\n'));
  if (hashes.length > 0) {
    fields.append('hash', hashes[0].pdq.join(' '));
    fields.append('quality', String(hashes[0].quality));
  }
  fields.append('file', file, 'picture');
  return fields;
}

function arrived({ receipt, secret, status_url }) {
  form.remove();
  $('steps').remove();
  $('lead').remove();
  $('done').hidden = false;
  $('receipt').textContent = receipt;
  $('secret').textContent = secret;
  $('follow').href = `${new URL(status_url).pathname}#${secret}`;
  $('copy').addEventListener('click', async () => {
    await navigator.clipboard.writeText(`${words.receipt}: ${receipt}\n${words.secret}: ${secret}\n${status_url}`);
    $('copy').textContent = words.copied;
  });
  document.querySelector('h1').textContent = words.done;
  document.title = words.done;
  document.querySelector('h1').focus();
}
