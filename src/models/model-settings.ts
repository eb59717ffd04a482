import { z } from 'zod';
import type { Outbound } from '../outbound/outcome.ts';
import type { IsBlack } from './refusals/recognition.ts';

/** What every upstream has in its configuration. */
export const COMMON_SETTINGS = {
  /** Up to the version, without a slash at the end: `https://api.example.com/v1`. Credentials do not belong here. */
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .refine((url) => URL.canParse(url) && new URL(url).username === '' && new URL(url).search === '', 'no credentials and no query')
    .transform((url) => url.replace(/\/+$/, '')),
  /** The upstream's name for the model, when it differs from ours. */
  upstreamModel: z.string().min(1).max(200).optional(),
  /** From sending to the last byte, fetching of picture URLs included. */
  deadlineMs: z.int().min(100).max(1_800_000).default(180_000),
  /** Limit of one answer, and of one picture fetched by URL. */
  maxReplyBytes: z.int().min(1_024).max(1_073_741_824).default(134_217_728),
};

/** The same, parsed. */
export interface ModelSettings {
  readonly name: string;
  readonly baseUrl: string;
  readonly upstreamModel?: string | undefined;
  readonly deadlineMs: number;
  readonly maxReplyBytes: number;
}

/** What an adapter is handed beside its settings. */
export interface ModelParts {
  readonly outbound: Outbound;
  /** Read for each request and never kept. */
  readonly apiKey?: (() => string) | undefined;
  /** Whether a picture is black all over; runs in a worker. Needed by kinds whose upstream refuses that way. */
  readonly isBlack?: IsBlack | undefined;
}
