import type { ApiKey } from '../access/api-key.ts';
import type { Conductor } from '../conductor.ts';
import type { Config } from '../config/load-config.ts';
import type { ArtifactId } from '../contracts/ids.ts';
import type { Caller } from '../contracts/submission.ts';
import type { CheckRunner } from '../detectors/check-runner.ts';
import type { PictureLooker } from '../detectors/looking/picture-looker.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { GenerationStore } from '../generations/generation-store.ts';
import type { IngestParts } from '../ingest/ingest.ts';
import type { Journal } from '../ledger/journal.ts';
import type { LedgerReader } from '../ledger/reader.ts';
import type { About } from '../moderate.ts';
import type { Outbound } from '../outbound/outcome.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { CoverageReport } from '../policy/coverage.ts';
import type { Learning } from '../prompts/learning/learning.ts';
import type { FindCandidates, FindReattached } from '../provenance/candidate.ts';
import type { Provenance } from '../provenance/provenance.ts';
import type { RecoveryParts } from '../provenance/recovery/recover.ts';
import type { ReadTraces } from '../provenance/traces/read-traces.ts';
import type { ManagedLists } from '../registries/hash-lists/managed-lists.ts';
import type { RecognizeMark } from '../registries/marks/recognize-mark.ts';
import type { RecordedMark } from '../registries/marks/recorded-mark.ts';
import type { OptOutRegistry } from '../registries/opt-outs/opt-out-registry.ts';
import type { PeopleRegistry } from '../registries/people/people-registry.ts';
import type { Takedown } from '../registries/takedowns/takedown-store.ts';
import type { LinkTo } from '../reply/images-answer.ts';
import type { ReviewCaseParts } from '../review-case.ts';
import type { Database } from '../storage/database.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** What the routes stand on. Each route takes from it what it needs. */
export interface HttpParts {
  readonly config: Config;
  readonly db: Database;
  readonly findKey: (token: string) => Promise<ApiKey | null>;
  readonly ingest: IngestParts;
  readonly conductor: Conductor;
  readonly store: GenerationStore;
  readonly evidence: EvidenceStore;
  readonly journal: Journal;
  readonly checks: CheckRunner;
  /** JSON of one moderation result for each text; null where a check could not tell. */
  readonly moderateTexts: (texts: readonly string[], about: About) => Promise<readonly (string | null)[]>;
  readonly policy: CompiledPolicy;
  readonly coverage: CoverageReport;
  readonly hashLists: ManagedLists;
  readonly people: PeopleRegistry;
  readonly optOuts: OptOutRegistry;
  /** The neural networks. */
  readonly looker: PictureLooker;
  /** Where a person can contest a decision, in words. */
  readonly appeal: string;
  /** What reviewers teach the prompt checks. */
  readonly learning: Learning;
  readonly provenance: Provenance;
  readonly readTraces: ReadTraces;
  readonly findReattached: FindReattached;
  readonly findCandidates: FindCandidates;
  /** What gives a file its credential back. */
  readonly recovery: RecoveryParts & {
    /** Whether the policy lets credentials of pictures be given that were taken down. */
    readonly answersTakenDown: boolean;
  };
  /** Where callers reach this gateway, without a slash at the end. */
  readonly baseUrl: () => string;
  readonly recognizeMark: RecognizeMark;
  readonly recordedMark: (artifactId: ArtifactId) => Promise<RecordedMark>;
  readonly takedownOf: (artifactId: ArtifactId) => Promise<Takedown | null>;
  readonly parentsOf: (artifactId: ArtifactId) => Promise<readonly ArtifactId[]>;
  readonly outbound: Outbound;
  readonly ledger: LedgerReader;
  /** The key that verifies checkpoints, in signed-note form. */
  readonly ledgerKey: string;
  readonly trustAnchorsPem: string;
  readonly review: ReviewCaseParts;
  readonly links: SignedLinks;
  readonly telemetry: Telemetry;
  readonly isReady: () => Promise<boolean>;
}

/** Links to published pictures that need no key and stop working after a while. */
export interface SignedLinks {
  readonly linkTo: LinkTo;
  /** True when the link was made here and has not run out. */
  isGood(artifactId: string, expires: string, signature: string): boolean;
}

/** Whom a request comes from, once it is known. */
export type Principal =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'operator'; readonly keyId: ApiKey['id'] | 'local' };
