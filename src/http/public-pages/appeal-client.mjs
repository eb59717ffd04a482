// The script of /appeal/{decision}. The token of the link goes with each request; nothing is kept in the browser.
const { words, language, decision } = JSON.parse(document.getElementById('words').textContent);
const $ = (id) => document.getElementById(id);
const token = new URLSearchParams(location.search).get('token') ?? '';

$('form').addEventListener('submit', (event) => {
  event.preventDefault();
  void send();
});
void load();

async function load() {
  const query = new URLSearchParams({ token });
  const answer = await fetch(`/v1/appeals/decisions/${encodeURIComponent(decision)}?${query}`).catch(() => null);
  if (answer === null) return complain(words.report.offline);
  if (!answer.ok) return complain(answer.status === 404 ? words.appeal.unknown : words.report.failed);
  show(await answer.json());
}

function show({ statement, appeal }) {
  const { plain } = statement;
  $('reasons').hidden = false;
  $('reasons-title').textContent = plain.title;
  $('sentences').replaceChildren(...plain.sentences.map((text) => Object.assign(document.createElement('p'), { textContent: text })));
  if (appeal !== null) return stand(appeal.status);
  const isOver = statement.appeal === null || new Date(statement.appeal.until) < new Date();
  $('form').hidden = isOver;
  if (isOver) complain(words.appeal.closed);
}

function stand(status) {
  $('form').hidden = true;
  $('result').hidden = false;
  $('result').dataset.tone = status === 'open' ? 'plain' : 'good';
  $('verdict').textContent = words.appeal.states[status];
  $('verdict').focus();
}

async function send() {
  complain('');
  $('words-problem').textContent = '';
  const statement = $('statement').value.trim();
  const email = $('email').value.trim();
  if (statement === '') {
    $('words-problem').textContent = words.report.needed;
    return $('statement').focus();
  }
  const body = { decision_id: decision, token, statement, language, ...(email === '' ? {} : { email }) };
  try {
    const answer = await fetch('/v1/appeals', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (answer.ok) return stand('open');
    const said = await answer.json().catch(() => null);
    complain(sentenceFor(answer.status, said?.error?.code));
  } catch {
    complain(words.report.offline);
  }
}

function sentenceFor(status, code) {
  if (code === 'appeal_late') return words.appeal.closed;
  if (code === 'appeal_repeated') return words.appeal.states.open;
  return status === 429 ? words.report.tooMany : words.report.failed;
}

function complain(sentence) {
  $('trouble').textContent = sentence;
}
