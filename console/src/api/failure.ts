interface FailureFacts {
  readonly requestId?: string | null;
  readonly param?: string | null;
  readonly hint?: string | null;
}

/** An answer that says no, or no answer at all (`status` 0: the network). */
export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  /** The field that is wrong, as the gateway names it (`scope.purposes`). */
  readonly param: string | null;
  /** What the gateway says beyond the sentence of the code. */
  readonly hint: string | null;

  constructor(status: number, code: string, message: string, { requestId = null, param = null, hint = null }: FailureFacts = {}) {
    super(message);
    this.name = 'ApiFailure';
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.param = param;
    this.hint = hint;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The gateway's error answer, or whatever stood in its way, as one failure. */
export function failureFrom(status: number, body: unknown): ApiFailure {
  const error = isRecord(body) && isRecord(body['error']) ? body['error'] : {};
  const ours = isRecord(error['imprimatur']) ? error['imprimatur'] : {};
  return new ApiFailure(status, text(error['code']) ?? 'unknown', text(error['message']) ?? `The gateway answered ${status}.`, {
    requestId: text(ours['request_id']),
    param: text(error['param']),
    hint: text(ours['hint']),
  });
}

export function isFailure(error: unknown, ...codes: readonly (string | number)[]): error is ApiFailure {
  return error instanceof ApiFailure && (codes.length === 0 || codes.includes(error.code) || codes.includes(error.status));
}
