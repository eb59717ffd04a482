import type { Access } from '../access/access.ts';
import type { ApiKey, CallerScope } from '../access/api-key.ts';
import type { ClaimToUse } from '../access/claims/claim-reader.ts';
import type { Controls } from '../access/controls.ts';
import type { Session } from '../access/session-store.ts';
import type { GatherParts } from '../access/usage/gather-usage.ts';
import type { RaiseAlert } from '../announcements/alerts.ts';
import type { EndpointStore } from '../announcements/endpoint-store.ts';
import type { MailQueue } from '../announcements/mail-queue.ts';
import type { Conductor } from '../conductor.ts';
import type { Config } from '../config/load-config.ts';
import type { ArtifactId, StaffId } from '../contracts/ids.ts';
import type { StaffRole } from '../contracts/staff-role.ts';
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
import type { Policies } from '../policy/history/policies.ts';
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
import type { AppealPlaces } from '../reply/appeal-words.ts';
import type { LinkTo } from '../reply/images-answer.ts';
import type { AppealLinks } from '../review/appeals/appeal-links.ts';
import type { AppealParts } from '../review/appeals/file-appeal.ts';
import type { QueueForecast } from '../review/clocks/forecast-queues.ts';
import type { FileNoticeParts } from '../review/notices/file-notice.ts';
import type { FindReportedParts } from '../review/notices/find-reported.ts';
import type { ReviewDesk } from '../review/review-desk.ts';
import type { WelfarePlan } from '../review/welfare/plan.ts';
import type { ReviewCaseParts } from '../settle/review-case.ts';
import type { Database } from '../storage/database.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** What the routes stand on. Each route takes from it what it needs. */
export interface HttpParts {
  /** Where the console's files are; absent: where the build puts them. */
  readonly consoleFolders?: readonly URL[];
  readonly config: Config;
  readonly db: Database;
  readonly findKey: (token: string) => Promise<ApiKey | null>;
  readonly access: Access;
  /** What a reviewer has seen today, of what they may see. */
  readonly exposureOf?: (id: StaffId) => Promise<Exposure>;
  readonly ingest: IngestParts;
  readonly conductor: Conductor;
  /** Gates and kill switches. */
  readonly controls: Controls;
  readonly store: GenerationStore;
  readonly evidence: EvidenceStore;
  readonly journal: Journal;
  readonly checks: CheckRunner;
  /** JSON of one moderation result for each text; null where a check could not tell. */
  readonly moderateTexts: (texts: readonly string[], about: About) => Promise<readonly (string | null)[]>;
  readonly policy: CompiledPolicy;
  /** How the policy in force changes. */
  readonly policies: Policies;
  readonly coverage: CoverageReport;
  readonly hashLists: ManagedLists;
  readonly people: PeopleRegistry;
  readonly optOuts: OptOutRegistry;
  /** The neural networks. */
  readonly looker: PictureLooker;
  /** Where a person can contest a decision. */
  readonly appeal: AppealPlaces;
  /** What reviewers teach the prompt checks. */
  readonly learning: Learning;
  readonly provenance: Provenance;
  readonly readTraces: ReadTraces;
  readonly findReattached: FindReattached;
  readonly findCandidates: FindCandidates;
  /** What gives a file its credential back. */
  readonly recovery: RecoveryParts & {
    /** Whether the policy lets credentials of pictures be given that were taken down. */
    readonly answersTakenDown: () => boolean;
  };
  /** Where callers reach this gateway, without a slash at the end. */
  readonly baseUrl: () => string;
  readonly recognizeMark: RecognizeMark;
  readonly recordedMark: (artifactId: ArtifactId) => Promise<RecordedMark>;
  readonly takedownOf: (artifactId: ArtifactId) => Promise<Takedown | null>;
  readonly parentsOf: (artifactId: ArtifactId) => Promise<readonly ArtifactId[]>;
  readonly outbound: Outbound;
  /** How others are told. */
  readonly announcements: Announcing;
  /** How what was used is counted, for billing. */
  readonly usage: GatherParts;
  readonly ledger: LedgerReader;
  /** The key that verifies checkpoints, in signed-note form. */
  readonly ledgerKey: string;
  readonly trustAnchorsPem: string;
  readonly review: ReviewCaseParts;
  /** What the pages of cases are made of. */
  readonly desk: ReviewDesk;
  readonly voices: Voices;
  readonly team: ReviewTeam;
  /** By queue, how many deadlines will break soon. Absent: nobody forecasts. */
  readonly forecastQueues?: () => Promise<ReadonlyMap<string, QueueForecast>>;
  readonly links: SignedLinks;
  readonly telemetry: Telemetry;
  readonly isReady: () => Promise<boolean>;
}

/** Whom events go to, and who is called when something needs people. */
export interface Announcing {
  readonly endpoints: EndpointStore;
  readonly raiseAlert: RaiseAlert;
  /** Null: no mail server is configured. */
  readonly mail: MailQueue | null;
}

/** What people outside say about decisions and pictures. */
export interface Voices {
  readonly appealLinks: AppealLinks;
  readonly appeals: AppealParts;
  readonly notices: FileNoticeParts;
  readonly looking: FindReportedParts;
}

/** Links to published pictures that need no key and stop working after a while. */
export interface SignedLinks {
  readonly linkTo: LinkTo;
  /** True when the link was made here and has not run out. */
  isGood(artifactId: string, expires: string, signature: string): boolean;
}

/** How the work of reviewers is looked at, and what they are spared. */
export interface ReviewTeam {
  readonly welfare: WelfarePlan;
  /** Where measures of agreement should be. */
  readonly thresholds: Config['values']['reviewers']['thresholds'];
  /** Whether leads see one person's figures. */
  readonly showsIndividuals: boolean;
}

/** Of a reviewer's welfare. `budget`: what is good for a day; `resumes_at`: when they may go on, as RFC 3339. */
export interface Exposure {
  readonly today: number;
  readonly budget: number;
  readonly resumes_at: string | null;
}

/** Whom a request comes from, once it is known. */
export type Principal =
  | {
      readonly kind: 'caller';
      readonly caller: Caller;
      /** Absent: all. */
      readonly scopes?: readonly CallerScope[];
      /** What vouches for the end user, for one request; or that nothing does, and something must. */
      readonly claim?: ClaimToUse | 'missing';
    }
  | {
      readonly kind: 'staff';
      readonly id: StaffId;
      readonly roles: readonly StaffRole[];
      /** A person in a browser. */
      readonly session?: Session & { readonly token: string };
    };
