const VERBS = '^src/(ingest|admit|precheck|generate|analyze|decide|publish|reply)/';
const NOUNS =
  '^src/(policy|prompts|detectors|models|provenance|watermark|registries|curation|audits|statistics|operations|uploads|access|behavior|review|announcements|generations|evidence|ledger)/';
const GROUND = '^src/(assembler|storage|jobs|workers|outbound|telemetry|config)/';
const DOORS = '^src/(http|cli)/';
const TOP =
  '^src/(main|pipeline|conductor|explain-generation|verify-file|check-upload|explain-prompt|moderate|prompt-safety|prepare-prompts|fsck|packs)\\.ts$|^src/(settle|compose)/';

/** The architecture that cannot rot: each rule says what to do instead. */
export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Two files that need each other are one idea: merge them, or move what both need into a third.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'contracts-import-nothing',
      severity: 'error',
      comment: 'Contracts are the vocabulary. Put behavior into the noun that owns it.',
      from: { path: '^src/contracts/' },
      to: { path: '^src/', pathNot: '^src/contracts/' },
    },
    {
      name: 'verbs-do-not-meet',
      severity: 'error',
      comment: 'A stage may not call another stage; the order lives in src/pipeline.ts. Share through a noun.',
      from: { path: VERBS },
      to: { path: VERBS, pathNot: '^src/$1/' },
    },
    {
      name: 'nouns-do-not-know-verbs',
      severity: 'error',
      comment: 'A capability does not know when it is used. Hand in what it needs.',
      from: { path: NOUNS },
      to: { path: VERBS },
    },
    {
      name: 'ground-knows-nothing-above',
      severity: 'error',
      comment: 'Ground carries everything and knows nothing of it. Hand in an interface.',
      from: { path: GROUND },
      to: { path: [VERBS, NOUNS, DOORS, TOP] },
    },
    {
      name: 'nobody-imports-a-door',
      severity: 'error',
      comment: 'Doors call in; nothing calls out through them. Only main and the command line build doors.',
      from: { path: '^src/', pathNot: [DOORS, TOP] },
      to: { path: DOORS },
    },
    {
      name: 'below-the-pipeline',
      severity: 'error',
      comment: 'Stages and capabilities do not know the order or the composition.',
      from: { path: [VERBS, NOUNS, GROUND, '^src/contracts/'], pathNot: '\\.test\\.ts$' },
      to: { path: TOP },
    },
    {
      name: 'only-storage-imports-the-driver',
      severity: 'error',
      comment: 'SQL goes through storage/database.ts, so that there is one driver and one place for its traps.',
      from: { path: '^src/', pathNot: ['^src/storage/', '\\.fixture\\.ts$', '\\.test\\.ts$'] },
      to: { path: 'node_modules/(pg|@electric-sql)/' },
    },
    {
      name: 'only-outbound-connects',
      severity: 'error',
      comment: 'Every outgoing request goes through outbound/, which asks whether its host is trusted.',
      from: { path: '^src/', pathNot: ['^src/outbound/', '\\.test\\.ts$'] },
      to: { path: 'node_modules/undici/' },
    },
    {
      name: 'watermark-is-pure',
      severity: 'error',
      comment: 'Pixels in, pixels or an answer out: no storage, no network.',
      from: { path: '^src/watermark/' },
      to: { path: '^src/(storage|outbound|http|evidence)/' },
    },
    {
      name: 'not-to-dev-dependencies',
      severity: 'error',
      comment: 'What ships may not need what only builds.',
      from: { path: '^src/', pathNot: ['\\.(test|fixture)\\.ts$', '\\.mjs$'] },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'no-fixtures-in-what-ships',
      severity: 'error',
      comment: 'Fixtures are for tests.',
      from: { path: '^src/', pathNot: '\\.(test|fixture)\\.ts$' },
      to: { path: '\\.fixture\\.ts$' },
    },
    {
      name: 'redteam-stays-outside',
      severity: 'error',
      comment: 'The red team attacks through the SDK, as a stranger would; what it shared with us it could not find fault with.',
      from: { path: '^redteam/' },
      to: { path: '^(src|test|tools|bench)/' },
    },
    { name: 'no-unresolved', severity: 'error', comment: 'This import leads nowhere.', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
