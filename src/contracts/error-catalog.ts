import { ACCESS_ERRORS } from './access-errors.ts';

/**
 * Every way to fail, once. `type` is OpenAI's error type, so that their SDKs build the right class. `retryable` says
 * whether the very same request can succeed later; it becomes `x-should-retry`. `docs/errors.md` has a line for each
 * code, and a test compares both ways.
 */
export const CATALOG = {
  ...ACCESS_ERRORS,
  REQUEST_MALFORMED: { status: 400, type: 'invalid_request_error', retryable: false, publicMessage: 'The request body could not be read.' },
  REQUEST_INVALID: { status: 400, type: 'invalid_request_error', retryable: false, publicMessage: 'A field of the request is not valid.' },
  REQUEST_TOO_LARGE: { status: 413, type: 'invalid_request_error', retryable: false, publicMessage: 'The request is too large.' },
  REQUEST_TIMED_OUT: { status: 408, type: 'invalid_request_error', retryable: true, publicMessage: 'The request did not arrive in time.' },
  IMAGE_UNREADABLE: { status: 400, type: 'invalid_request_error', retryable: false, publicMessage: 'An input image could not be read.' },
  URL_UNREACHABLE: {
    status: 400,
    type: 'invalid_request_error',
    retryable: false,
    publicMessage: 'The file at the given address could not be fetched.',
  },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    type: 'invalid_request_error',
    retryable: false,
    publicMessage: 'This media type is not taken here.',
  },
  ADDRESS_TOO_LONG: { status: 414, type: 'invalid_request_error', retryable: false, publicMessage: 'The address is too long.' },
  CAPABILITY_UNSUPPORTED: {
    status: 501,
    type: 'invalid_request_error',
    retryable: false,
    publicMessage: 'This server does not offer that.',
  },
  NOT_FOUND: { status: 404, type: 'invalid_request_error', retryable: false, publicMessage: 'There is nothing at this address.' },
  MODEL_UNKNOWN: { status: 404, type: 'invalid_request_error', retryable: false, publicMessage: 'The model does not exist here.' },
  OPERATION_UNSUPPORTED: {
    status: 400,
    type: 'invalid_request_error',
    retryable: false,
    publicMessage: 'This model cannot do that operation.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    type: 'invalid_request_error',
    retryable: false,
    publicMessage: 'This Idempotency-Key was used for a different request.',
  },
  MODERATION_BLOCKED: {
    status: 400,
    type: 'image_generation_user_error',
    retryable: false,
    publicMessage: 'Your request was rejected by the safety system.',
  },
  REVIEW_REQUIRED: {
    status: 403,
    type: 'image_generation_user_error',
    retryable: false,
    publicMessage: 'The result is held for review by a person.',
  },
  CASE_CLAIMED: { status: 409, type: 'invalid_request_error', retryable: false, publicMessage: 'Somebody else works on this case.' },
  LEASE_LOST: {
    status: 409,
    type: 'invalid_request_error',
    retryable: false,
    publicMessage: 'Your claim on this case has ended. Nothing was decided.',
  },
  CASE_NOT_OPEN: { status: 409, type: 'invalid_request_error', retryable: false, publicMessage: 'The case was decided already.' },
  APPEAL_LATE: { status: 409, type: 'invalid_request_error', retryable: false, publicMessage: 'The time to appeal this decision is over.' },
  APPEAL_REPEATED: { status: 409, type: 'invalid_request_error', retryable: false, publicMessage: 'This decision was appealed already.' },
  CLOCK_RUNS_ON: { status: 409, type: 'invalid_request_error', retryable: false, publicMessage: 'This clock cannot be paused or resumed.' },
  ARTIFACT_UNAVAILABLE: { status: 404, type: 'invalid_request_error', retryable: false, publicMessage: 'This picture is not available.' },
  MODEL_UNREACHABLE: { status: 503, type: 'server_error', retryable: true, publicMessage: 'The image model could not be reached.' },
  MODEL_RATE_LIMITED: {
    status: 429,
    type: 'rate_limit_error',
    retryable: true,
    publicMessage: 'The image model is busy. Try again later.',
  },
  MODEL_TIMED_OUT: { status: 504, type: 'server_error', retryable: false, publicMessage: 'The image model did not answer in time.' },
  MODEL_FAILED: { status: 502, type: 'server_error', retryable: false, publicMessage: 'The image model failed.' },
  MODEL_ANSWER_UNUSABLE: {
    status: 502,
    type: 'server_error',
    retryable: false,
    publicMessage: 'The image model gave an answer that cannot be used.',
  },
  MODEL_MISCONFIGURED: {
    status: 502,
    type: 'server_error',
    retryable: false,
    publicMessage: 'The image model is not set up correctly here.',
  },
  MODEL_ACCOUNT_BLOCKED: {
    status: 503,
    type: 'server_error',
    retryable: false,
    publicMessage: 'The image model is not available at the moment. This is not about your request.',
  },
  PARAMETER_REJECTED: {
    status: 400,
    type: 'invalid_request_error',
    retryable: false,
    publicMessage: 'The image model does not accept a parameter of the request.',
  },
  GENERATION_LOST: {
    status: 503,
    type: 'server_error',
    retryable: false,
    publicMessage: 'The picture could not be completed or recorded, so it was not released.',
  },
  CHECK_FAILED: { status: 503, type: 'server_error', retryable: true, publicMessage: 'A safety check could not be completed.' },
  PUBLISH_FAILED: {
    status: 503,
    type: 'server_error',
    retryable: false,
    publicMessage: 'The picture could not be marked and was not released.',
  },
  STORAGE_UNAVAILABLE: {
    status: 503,
    type: 'server_error',
    retryable: true,
    publicMessage: 'The record could not be written, so nothing was done.',
  },
  STORAGE_LOCKED: { status: 503, type: 'server_error', retryable: false, publicMessage: 'Another process uses this data directory.' },
  CONFIG_INVALID: { status: 500, type: 'server_error', retryable: false, publicMessage: 'The gateway is not set up correctly.' },
  DETECTOR_MODEL_ALTERED: {
    status: 500,
    type: 'server_error',
    retryable: false,
    publicMessage: 'A detector of the gateway is not the one that ships.',
  },
  POLICY_INVALID: { status: 500, type: 'server_error', retryable: false, publicMessage: 'The policy is not valid.' },
  LEDGER_INVALID: { status: 500, type: 'server_error', retryable: false, publicMessage: 'The ledger does not verify.' },
  EVIDENCE_UNREADABLE: { status: 500, type: 'server_error', retryable: false, publicMessage: 'Sealed evidence could not be opened.' },
  SHUTTING_DOWN: { status: 503, type: 'server_error', retryable: true, publicMessage: 'The gateway is shutting down.' },
  INTERNAL: {
    status: 500,
    type: 'server_error',
    retryable: false,
    publicMessage: 'Something went wrong in the gateway. Nothing was released.',
  },
} as const satisfies Record<string, CatalogEntry>;

interface CatalogEntry {
  readonly status: number;
  readonly type: string;
  readonly retryable: boolean;
  readonly publicMessage: string;
}
