import type { AppealState } from '../../review/appeals/appeal-store.ts';
import type { NOTICE_KINDS, RELATIONS } from '../../review/notices/notice-kinds.ts';
import type { NoticeOutcome, NoticeState } from '../../review/notices/notice-store.ts';

/** The page `/report` in one language. */
export interface ReportWords {
  readonly title: string;
  readonly lead: string;
  readonly steps: readonly [string, string, string];
  readonly help: string;
  readonly country: string;
  readonly countryHint: string;
  readonly kind: string;
  readonly kinds: Readonly<Record<(typeof NOTICE_KINDS)[number], string>>;
  readonly where: string;
  readonly whereHint: string;
  readonly picture: string;
  /** That nothing but a fingerprint leaves the device. */
  readonly pictureHint: string;
  readonly choose: string;
  readonly hashing: string;
  readonly hashed: string;
  readonly weak: string;
  readonly unreadable: string;
  /** The browser alters what it shows to scripts. */
  readonly altered: string;
  readonly sendPicture: string;
  readonly why: string;
  readonly whyHint: string;
  readonly anonymous: string;
  readonly relation: string;
  readonly relations: Readonly<Record<(typeof RELATIONS)[number], string>>;
  readonly name: string;
  readonly email: string;
  readonly emailHint: string;
  readonly goodFaith: string;
  readonly signature: string;
  readonly signatureHint: string;
  readonly back: string;
  readonly next: string;
  readonly send: string;
  readonly sending: string;
  readonly needed: string;
  readonly needsWhere: string;
  readonly badUrl: string;
  readonly badEmail: string;
  readonly done: string;
  readonly keep: string;
  readonly receipt: string;
  readonly secret: string;
  readonly copy: string;
  readonly copied: string;
  readonly follow: string;
  readonly tooMany: string;
  readonly failed: string;
  readonly offline: string;
}

/** The page of one report. */
export interface StatusWords {
  readonly title: string;
  readonly look: string;
  readonly states: Readonly<Record<NoticeState, string>>;
  readonly outcomes: Readonly<Record<NoticeOutcome, string>>;
  readonly received: string;
  readonly due: string;
  readonly decided: string;
  readonly withdraw: string;
  readonly withdrawHint: string;
  readonly redress: string;
  readonly unknown: string;
}

/** The page on which a decision is appealed. */
export interface AppealPageWords {
  readonly title: string;
  readonly words: string;
  readonly wordsHint: string;
  readonly email: string;
  readonly send: string;
  readonly states: Readonly<Record<AppealState, string>>;
  readonly closed: string;
  readonly unknown: string;
}

export interface PublicWords {
  readonly report: ReportWords;
  readonly status: StatusWords;
  readonly appeal: AppealPageWords;
}
