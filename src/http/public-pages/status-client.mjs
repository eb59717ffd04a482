// The script of /report/{receipt}. The secret stands behind the # of the address, which browsers send to nobody.
const { words, language } = JSON.parse(document.getElementById('words').textContent);
const $ = (id) => document.getElementById(id);
const date = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' });

$('secret').value = decodeURIComponent(location.hash.slice(1));
$('form').addEventListener('submit', (event) => {
  event.preventDefault();
  void look();
});
$('withdraw').addEventListener('click', () => void withdraw());
if ($('secret').value !== '') void look();

function address(more = '') {
  return `/v1/notices/${encodeURIComponent($('receipt').value.trim())}${more}`;
}

async function look() {
  await ask(() => fetch(address(), { headers: { 'imprimatur-secret': $('secret').value.trim() } }));
}

async function withdraw() {
  const body = JSON.stringify({ secret: $('secret').value.trim() });
  await ask(() => fetch(address('/withdrawal'), { method: 'POST', headers: { 'content-type': 'application/json' }, body }));
}

async function ask(request) {
  $('trouble').textContent = '';
  const answer = await request().catch(() => null);
  if (answer === null) return complain(words.report.offline);
  if (answer.ok) return show(await answer.json());
  complain(answer.status === 404 ? words.status.unknown : answer.status === 429 ? words.report.tooMany : words.report.failed);
}

function complain(sentence) {
  $('result').hidden = true;
  $('trouble').textContent = sentence;
}

function show({ kind, status, outcome, received_at, due_at, decided_at }) {
  const { states, outcomes } = words.status;
  $('form').hidden = true;
  $('result').hidden = false;
  $('result').dataset.tone = status === 'open' ? 'plain' : 'good';
  $('verdict').textContent = states[status];
  $('outcome').textContent = outcome === null ? '' : outcomes[outcome];
  $('kind').textContent = words.report.kinds[kind];
  $('number').textContent = $('receipt').value;
  for (const [id, at] of [
    ['received', received_at],
    ['due', due_at],
    ['decided', decided_at],
  ]) {
    $(id).parentElement.hidden = at === null;
    $(id).textContent = at === null ? '' : date.format(new Date(at));
  }
  $('takeBack').hidden = status !== 'open';
  $('redress').hidden = status !== 'decided';
  $('verdict').focus();
}
