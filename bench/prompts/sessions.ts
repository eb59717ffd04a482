/**
 * Staged prompts and benign sessions, played against the conversation judgement with the local checks as they are.
 * `npx tsx bench/prompts/sessions.ts --data DIR [--train | --model FILE] [--rows 400] [--sessions 1000]`. The folder may
 * also be given as IMPRIMATUR_PROMPT_DATA. Sessions are built from rows in memory; prints counts and rates, never a text.
 */
import { parseArgs } from 'node:util';
import type { Signal } from '../../src/contracts/finding.ts';
import { hashText } from '../../src/prompts/classifier/hash-text.ts';
import type { JudgeText } from '../../src/prompts/conversation/emergent-risk.ts';
import { judges, measuredRows, standardStops } from './session-judges.ts';
import { type Played, playSession, stage } from './session-play.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env['IMPRIMATUR_PROMPT_DATA'] ?? '' },
    model: { type: 'string' },
    train: { type: 'boolean', default: false },
    rows: { type: 'string', default: '400' },
    sessions: { type: 'string', default: '1000' },
  },
});
const [wantedRows, wantedSessions] = [Number(values.rows), Number(values.sessions)];
const FEWEST_WORDS = 8;

const rows = await measuredRows(values.data);
const stops = await standardStops();
const texts = (keep: (row: (typeof rows)[number]) => boolean) =>
  rows
    .filter((row) => row.lang === 'en' && keep(row))
    .toSorted((a, b) => hashText(a.text) - hashText(b.text))
    .map(({ text }) => text);
const unsafe = texts(
  (row) => row.unsafe === 1 && /^(overt-unsafe|ring-a-bell|adversarial|harmbench|ailuminate|strongreject)/.test(row.source),
);
const captions = texts((row) => row.unsafe === 0 && /^(coco|partiprompts|dsg|t2i-compbench)/.test(row.source));
const users = texts((row) => /^diffusiondb/.test(row.source));
const percent = (count: number, of: number) => (of === 0 ? 0 : Math.round((count / of) * 1_000) / 10);

function staged(judge: JudgeText) {
  const caught = unsafe.filter((text) => text.split(/\s+/).length >= FEWEST_WORDS && stops(judge(text))).slice(0, wantedRows);
  const cases = [2, 3, 4].flatMap((fragments) => [0, 1, 2].map((gap) => ({ fragments, gap })));
  return {
    prompts: caught.length,
    kept: cases.map(({ fragments, gap }) => {
      const played = caught.map((text, i) => {
        const count = gap * (fragments - 1);
        const between = Array.from({ length: count }, (_, j) => captions[(i * 7 + j * 131) % captions.length] ?? '');
        return playSession(stage(text, fragments, between), { judge, stops });
      });
      const alone = played.filter(({ stoppedAlone }) => stoppedAlone).length;
      const either = played.filter(({ stoppedAlone, stoppedTogether }) => stoppedAlone || stoppedTogether).length;
      return { fragments, benignBetween: gap, aloneOnly: percent(alone, caught.length), kept: percent(either, caught.length) };
    }),
  };
}

/** Ten turns of harmless texts. Users' own prompts hold a little that is not; a session with such a turn is counted apart. */
function benign(judge: JudgeText, pool: readonly string[]) {
  const sessions = Array.from({ length: Math.min(wantedSessions, Math.floor(pool.length / 10) * 4) }, (_, i) =>
    Array.from({ length: 10 }, (_unused, turn) => ({
      text: pool[(i * 10 + turn * (i % 3 === 0 ? 1 : 37)) % pool.length] ?? '',
      isFragment: false,
    })),
  );
  const played = sessions.map((session) => playSession(session, { judge, stops }));
  const clean = played.filter(({ benignStopped }) => !benignStopped);
  const escalated = (of: readonly Played[]) => of.filter(({ stoppedTogether }) => stoppedTogether).length;
  const micros = played.map(({ lastMicroseconds }) => lastMicroseconds).sort((a, b) => a - b);
  return {
    sessions: played.length,
    escalated: percent(escalated(played), played.length),
    escalatedAfterRefusal: percent(escalated(played.filter(({ benignStopped }) => benignStopped)), played.length - clean.length),
    withTurnStoppedAlone: percent(played.length - clean.length, played.length),
    tenthTurnMicroseconds: { p50: at(micros, 0.5), p99: at(micros, 0.99) },
  };
}

const at = (sorted: readonly number[], share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);

const report: Record<string, unknown> = {};
for (const [name, judge] of Object.entries(await judges(values.data, { modelPath: values.model, train: values.train }))) {
  const bounded = (text: string): readonly Signal[] => judge(text);
  report[name] = { staged: staged(bounded), benignCaptions: benign(bounded, captions), realUsers: benign(bounded, users) };
}
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
