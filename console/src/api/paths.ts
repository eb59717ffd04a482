import type {
  AuditLine,
  CaseLine,
  Exception,
  Gate,
  Kill,
  Me,
  PolicyVersion,
  Queue,
  Replay,
  SearchResults,
  SignInOptions,
  Welfare,
} from './answers.ts';
import type { Operations, Quality } from './board-answers.ts';
import type { DecisionRequest, Draft, Preview } from './decision.ts';
import type { Act, Dossier, Lease, Viewer } from './dossier.ts';
import type {
  Application,
  Calibration,
  CalibrationLine,
  ClaimKey,
  Delivery,
  Endpoint,
  Flagger,
  Gold,
  HashList,
  KeyLine,
  OptOut,
  Person,
  StaffLine,
  Takedown,
  Wish,
} from './managed.ts';
import type { paths } from './schema.d.ts';
import type { Campaign, CampaignLine, Limit, Surface, Usage } from './watched.ts';

/** Lists come with a cursor. */
export type List<Line> = { data: Line[]; next?: string | null };

type Nothing = Record<never, never>;
interface Answered<Answer> {
  200: { headers: Record<string, unknown>; content: { 'application/json': Answer } };
}
type Get<Answer, Parameters = Nothing> = { get: { parameters: Parameters; responses: Answered<Answer> } };
type Post<Body, Answer, Parameters = Nothing> = {
  post: { parameters: Parameters; requestBody: { content: { 'application/json': Body } }; responses: Answered<Answer> };
};
type Put<Body, Answer, Parameters = Nothing> = {
  put: { parameters: Parameters; requestBody: { content: { 'application/json': Body } }; responses: Answered<Answer> };
};
type Delete<Parameters = Nothing> = { delete: { parameters: Parameters; responses: Answered<unknown> } };
type ById = { path: { id: string } };
type ByDigest = { path: { digest: string } };
type ByName = { path: { name: string } };
type Asks<Names extends string> = { query?: { [Name in Names]?: string | undefined } };
type Empty = Record<string, never>;
type Dimension = 'application' | 'key' | 'user' | 'surface' | 'model' | 'operation' | 'tier';
interface Held {
  readonly lease: string;
  readonly fence: number;
}

/** The routes that the screens use. `console/test` compares them with the gateway's own `/openapi.json`. */
interface ConsolePaths {
  '/v1/me': Get<Me>;
  '/v1/me/preferences': Put<Readonly<Record<string, unknown>>, unknown>;
  '/v1/me/welfare': Get<Welfare> & Put<{ opt_outs: string[] }, unknown>;
  '/v1/me/breaks': Post<{ minutes?: number }, Welfare> & Delete;
  '/v1/sign-in/options': Get<SignInOptions>;
  '/v1/sign-in/development': Post<{ key: string; name: string; roles: string[] }, unknown>;
  '/v1/sign-out': Post<Empty, { redirect: string | null }>;
  '/v1/queues': Get<List<Queue>>;
  '/v1/queues/{id}/next': Post<Empty, { case: CaseLine; lease: Lease } | undefined, ById>;
  '/v1/cases': Get<List<CaseLine>, Asks<'status' | 'queue' | 'kind' | 'limit' | 'after'>>;
  '/v1/cases/{id}': Get<Dossier, ById>;
  '/v1/cases/{id}/claim': Post<Empty, Lease, ById>;
  '/v1/cases/{id}/heartbeat': Post<Held, { until: string }, ById>;
  '/v1/cases/{id}/presence': Post<{ leaves?: boolean }, { viewers: Viewer[] }, ById>;
  '/v1/cases/{id}/release-lease': Post<Held & { reason?: string }, unknown, ById>;
  '/v1/cases/{id}/signals': Post<Empty, Dossier, ById>;
  '/v1/cases/{id}/decisions': Post<DecisionRequest, CaseLine, ById>;
  '/v1/cases/{id}/undo': Post<Empty, { taken?: Lease }, ById>;
  '/v1/cases/{id}/corrections': Post<{ decision: string; policy: string; reasons: string[]; note: string }, CaseLine, ById>;
  '/v1/cases/{id}/preview': Post<DecisionRequest, Preview, ById>;
  '/v1/cases/{id}/draft': Get<{ draft: Draft | null }, ById> & Put<Draft, unknown, ById>;
  '/v1/cases/{id}/timeline': Get<List<Act>, ById>;
  '/v1/search': Get<SearchResults, Asks<'q'>>;
  '/v1/appeals/{id}': Get<{ text: string | null }, ById>;
  '/v1/notices/{id}/content': Get<{ description: string | null; urls?: string[] }, ById>;
  '/v1/statements/{id}': Get<{ plain: { title: string; text: string } }, ById>;
  '/v1/appeals': Get<List<CaseLine>, Asks<'status' | 'after'>>;
  '/v1/notices': Get<List<CaseLine>, Asks<'status' | 'after'>>;
  '/v1/quality': Get<Quality>;
  '/v1/operations': Get<Operations>;
  '/v1/audit': Get<List<AuditLine>, Asks<'by' | 'case' | 'after'>>;
  '/v1/policies': Get<List<PolicyVersion>> & Post<Wish, PolicyVersion>;
  '/v1/policies/{digest}': Get<PolicyVersion, ByDigest>;
  '/v1/policies/{digest}/replay': Get<Replay, ByDigest & Asks<'days'>>;
  '/v1/policies/{digest}/activate': Post<Empty, { case_id: string }, ByDigest>;
  '/v1/exceptions': Get<List<Exception>> & Post<Wish, { case_id: string }>;
  '/v1/exceptions/{id}/end': Post<Empty, unknown, ById>;
  '/v1/gates': Get<List<Gate>>;
  '/v1/gates/{capability}': Put<{ state: Gate['state']; percent?: number; version: number }, unknown, { path: { capability: string } }>;
  '/v1/kill': Get<List<Kill>> & Post<{ scope: Readonly<Record<string, string>>; reason: string; until?: string }, Kill>;
  '/v1/kill/{id}/lift': Post<Empty, unknown, ById>;
  '/v1/operations/examples': Get<List<{ generation_id: string | null; at: string }>, Asks<'measure' | 'value' | 'hours' | 'limit'>>;
  '/v1/people': Get<List<Person>> & Post<Wish, unknown>;
  '/v1/people/{id}': Delete<ById>;
  '/v1/people/{id}/name': Get<{ name: string | null }, ById>;
  '/v1/people/{id}/revoke': Post<Empty, unknown, ById>;
  '/v1/opt-outs': Get<List<OptOut>> & Post<Wish, unknown>;
  '/v1/opt-outs/{id}': Delete<ById>;
  '/v1/hash-lists': Get<List<HashList>>;
  '/v1/hash-lists/{name}': Delete<ByName>;
  '/v1/trusted-flaggers': Get<List<Flagger>> & Post<{ name: string }, { key: string }>;
  '/v1/trusted-flaggers/{id}/revoke': Post<Empty, unknown, ById>;
  '/v1/takedowns': Get<List<Takedown>> & Post<{ artifact_id: string; reason: string }, unknown>;
  '/v1/quality/gold': Get<List<Gold>> & Post<Wish, unknown>;
  '/v1/quality/gold/{id}/retire': Post<Empty, unknown, ById>;
  '/v1/quality/calibrations': Get<List<CalibrationLine>> & Post<Wish, Calibration>;
  '/v1/quality/calibrations/{id}': Get<Calibration, ById>;
  '/v1/quality/calibrations/{id}/answers': Post<{ position: number; decision: string; reason: string | null }, Calibration, ById>;
  '/v1/quality/calibrations/{id}/reveal': Post<{ minutes: string | null }, Calibration, ById>;
  '/v1/users/{pseudonym}/standing': Post<{ action: string; reason: string }, unknown, { path: { pseudonym: string } }>;
  '/v1/users/{pseudonym}/standing/lift': Post<{ reason: string; measure?: string }, unknown, { path: { pseudonym: string } }>;
  '/v1/behavior/campaigns': Get<List<CampaignLine>, Asks<'state' | 'limit'>>;
  '/v1/behavior/campaigns/{id}': Get<Campaign, ById>;
  '/v1/behavior/campaigns/{id}/words': Post<Empty, { phrases: string[]; prompts: { generation_id: string; text: string }[] }, ById>;
  '/v1/limits': Get<List<Limit>, Asks<Dimension>>;
  '/v1/limits/{id}': Put<Wish, unknown, ById> & Delete<ById & Asks<'version' | 'reason'>>;
  '/v1/usage': Get<Usage, Asks<'from' | 'to' | 'format' | 'open'>>;
  '/v1/surfaces': Get<List<Surface>>;
  '/v1/surfaces/{id}': Put<{ name: string }, unknown, ById>;
  '/v1/staff': Get<List<StaffLine>>;
  '/v1/staff/{id}': Put<{ granted?: string[]; blocked?: boolean }, unknown, ById>;
  '/v1/staff/{id}/sign-out': Post<Empty, { ended: number }, ById>;
  '/v1/keys': Get<List<KeyLine>> & Post<Wish, { token: string }>;
  '/v1/keys/{id}/rotate': Post<{ overlap_hours: number }, { token: string }, ById>;
  '/v1/keys/{id}/revoke': Post<Empty, unknown, ById>;
  '/v1/applications': Get<List<Application>>;
  '/v1/applications/{id}': Put<Wish, unknown, ById>;
  '/v1/applications/{id}/claim-keys': Get<List<ClaimKey>, ById> & Post<Wish, { secret: string | null }, ById>;
  '/v1/applications/{id}/claim-keys/{kid}/revoke': Post<Empty, unknown, { path: { id: string; kid: string } }>;
  '/v1/webhooks': Get<List<Endpoint> & { events: Readonly<Record<string, string>> }> & Post<Wish, { secret: string }>;
  '/v1/webhooks/{id}': Delete<ById>;
  '/v1/webhooks/{id}/rotate': Post<{ overlap_hours: number }, { secret: string }, ById>;
  '/v1/webhooks/{id}/enable': Post<Empty, unknown, ById>;
  '/v1/webhooks/{id}/disable': Post<Empty, unknown, ById>;
  '/v1/webhooks/{id}/test': Post<Empty, unknown, ById>;
  '/v1/webhooks/{id}/replay': Post<{ since?: string }, { count: number }, ById>;
  '/v1/webhooks/{id}/deliveries': Get<List<Delivery>, ById & Asks<'state' | 'limit'>>;
  '/v1/webhook-deliveries/{id}/replay': Post<Empty, { count: number }, ById>;
}

/** Routes that the screens ask for and this gateway does not have yet: they say "not available". Nothing else may be missing. */
type Awaited =
  | '/v1/policies'
  | '/v1/policies/{digest}'
  | '/v1/policies/{digest}/replay'
  | '/v1/policies/{digest}/activate'
  | '/v1/exceptions'
  | '/v1/exceptions/{id}/end'
  | '/v1/cases/{id}/preview'
  | '/v1/limits'
  | '/v1/limits/{id}';

type MethodsOf<Item> = { [Method in keyof Item]: Item[Method] extends undefined ? never : Method }[keyof Item];
type Wrong = {
  [Path in Exclude<keyof ConsolePaths, Awaited>]: Path extends keyof paths
    ? keyof ConsolePaths[Path] extends MethodsOf<paths[Path]>
      ? never
      : Path
    : Path;
}[Exclude<keyof ConsolePaths, Awaited>];

/** The routes of the typed client; it stops compiling when one that the screens use is not in the gateway's own description. */
export type CheckedPaths = [Wrong] extends [never] ? ConsolePaths : { missing: Wrong };
