import type { Mutant } from './mutant.ts';

const run = { file: 'src/detectors/run-checks.ts', tests: ['src/detectors/run-checks.test.ts'] };
const pipeline = { file: 'src/pipeline.ts', tests: ['src/pipeline.test.ts'] };
const conductor = { file: 'src/conductor.ts', tests: ['src/conductor.test.ts'] };
const publish = { file: 'src/publish/publish.ts', tests: ['src/publish/publish.test.ts'] };

/** Faults in looking, in the order of the stages, and in what leaves. */
export const STAGE_MUTANTS: readonly Mutant[] = [
  {
    ...run,
    id: 'thrown-is-silence',
    find: "return { ...about, kind: 'failed', cause: 'threw', detail: describeError(answer.error) };",
    replace: "return { ...about, kind: 'abstained', reason: 'threw' };",
    matters: 'A file that crashes a detector passes it.',
  },
  {
    ...run,
    id: 'late-is-silence',
    find: "  if (answer.kind === 'timed_out') return",
    replace:
      "  if (answer.kind === 'timed_out') return { ...about, kind: 'signals', signals: [] };\n  if (answer.kind === 'timed_out') return",
    matters: 'A file that keeps a detector busy passes it.',
  },
  {
    ...run,
    id: 'no-deadline-means-for-ever',
    find: 'asked > 0 ? Math.min(asked, LONGEST_TIMER_MS) : 0',
    replace: 'asked > 0 ? Math.min(asked, LONGEST_TIMER_MS) : LONGEST_TIMER_MS',
    matters: 'A check that hangs holds the request for ever.',
  },
  {
    id: 'undeclared-category',
    file: 'src/detectors/parse-detection.ts',
    find: "  if (!declared.includes(category)) return '.category:undeclared';\n",
    replace: '',
    matters: 'A detector can speak about what nobody asked it, unnoticed.',
    tests: ['src/detectors/run-checks.test.ts'],
  },
  {
    id: 'misspelled-check-is-fine',
    file: 'src/detectors/expected-findings.ts',
    find: 'if (looksAt === undefined || looksAt.includes(subject.kind))',
    replace: 'if (looksAt?.includes(subject.kind))',
    matters: 'A policy that misspells a check has one check less.',
    tests: ['src/detectors/run-checks.test.ts'],
  },
  {
    id: 'broken-file-hides-the-rest',
    file: 'src/precheck/precheck.ts',
    find: ' || signals.some(({ finding, signal }) => signal.score > noiseOf(finding) && !isMalformedFile(signal))',
    replace: '',
    matters: 'A broken second picture keeps an attempt out of the ledger.',
    tests: ['src/precheck/precheck.test.ts'],
  },
  {
    ...pipeline,
    id: 'no-gate-before-the-model',
    find: '  if (!isCleared(prechecked)) return outcomeOf(prechecked);\n',
    replace: '',
    matters: 'Blocked prompts are generated and paid for.',
  },
  {
    ...pipeline,
    id: 'no-gate-before-the-caller',
    find: '    if (!isCleared(analyzed)) return outcomeOf(analyzed);\n',
    replace: '',
    matters: 'Every picture leaves.',
  },
  {
    ...pipeline,
    id: 'withheld-frames-leave',
    find: '    if (isWithheldFrame(analyzed)) continue;\n',
    replace: '',
    matters: 'One doubtful frame ends a stream whose result is good.',
  },
  {
    id: 'clearance-without-a-symbol',
    file: 'src/contracts/cleared.ts',
    find: 'readonly [clearance]: true',
    replace: 'readonly [clearance]?: true',
    matters: 'A stage can be called without its gate, and it compiles.',
    tests: ['src/clearance.test.ts'],
  },
  {
    ...conductor,
    id: 'two-for-one-key',
    find: 'return following(submission) ?? start(submission, ',
    replace: 'return start(submission, ',
    matters: 'Two requests at once with one key are charged twice.',
  },
  {
    ...conductor,
    id: 'promises-a-free-retry',
    find: 'error instanceof ImprimaturError && !error.retryable ? error.code',
    replace: 'error instanceof ImprimaturError ? error.code',
    matters: 'SDKs repeat what the model may have made already.',
  },
  {
    ...conductor,
    id: 'key-for-any-body',
    find: 'if (submission.bodyDigest !== bodyDigest) throw',
    replace: 'if (submission.bodyDigest === undefined) throw',
    matters: 'A used key answers a different request with somebody’s earlier picture.',
  },
  {
    id: 'raw-before-the-record',
    file: 'src/generate/generate.ts',
    find: '  await parts.journal.record(\n',
    replace: '  void parts.journal.record(\n',
    matters: 'A picture is worked on that no ledger knows.',
    tests: ['src/generate/generate.test.ts'],
  },
  {
    id: 'unclamped',
    file: 'src/generate/generate.ts',
    find: '    parameters: clamped.parameters,\n',
    replace: '    parameters,\n',
    matters: 'Callers switch off the model’s own safety.',
    tests: ['src/generate/generate.test.ts'],
  },
  {
    ...publish,
    file: 'src/publish/mark-artifact.ts',
    id: 'leaves-unsigned',
    find: 'cleared.decision.obligations.credential\n',
    replace: '!cleared.decision.obligations.credential\n',
    matters: 'Pictures leave without a credential.',
  },
  {
    ...publish,
    id: 'required-mark-is-a-wish',
    find: '  if (unmarkable !== null) return unmarkable;\n',
    replace: '',
    matters: 'A picture leaves that cannot be recognized, although policy says that it must be.',
  },
  {
    id: 'copied-mark-is-ours',
    file: 'src/watermark/likeness/likeness.ts',
    find: 'best.z >= Z_SAME && best.agreement >= LEAST_AGREEMENT',
    replace: 'best.z >= 0',
    matters: 'Whoever copies our mark into a photograph makes it ours.',
    tests: ['src/watermark/likeness/likeness.test.ts'],
  },
  {
    ...publish,
    id: 'leaves-before-the-record',
    find: '  await parts.journal.record(\n',
    replace: '  void parts.journal.record(\n',
    matters: 'A picture leaves that the ledger never heard of.',
  },
  {
    ...publish,
    id: 'rows-of-one-leaf',
    find: "ledger_leaf: leaves[i] ?? ''",
    replace: "ledger_leaf: leaves[0] ?? ''",
    matters: 'The proof of one picture is shown for another.',
  },
];
