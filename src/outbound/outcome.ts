/** Header names in lower case; a header that came several times is joined with `, `. */
export type Headers = Readonly<Record<string, string>>;

/**
 * Why there is no answer. `unreachable`: no connection (name, refused, TLS, connect timeout). `reset`: the connection
 * broke or spoke something else than HTTP. `refused_address`: we declined to go there.
 */
export type OutboundFailureCause = 'unreachable' | 'timed_out' | 'reset' | 'too_large' | 'refused_address' | 'aborted';

export interface OutboundFailed {
  readonly kind: 'failed';
  readonly cause: OutboundFailureCause;
  /** False only when it is certain that no byte of the request was written. */
  readonly reachedServer: boolean;
  /** For our logs: host and error code, never a path, a query string or a body. */
  readonly detail: string;
}

export interface OutboundResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** `failed` is always the last part; a stream that ends without it is complete. */
export type StreamPart = { readonly kind: 'chunk'; readonly bytes: Buffer } | OutboundFailed;

export interface OutboundStream {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: Headers;
  /** Iterate it once, to its end or until `return()`; never throws. An unread stream is closed at the deadline. */
  readonly parts: AsyncIterable<StreamPart>;
}

export interface OutboundRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Headers;
  readonly body?: Uint8Array | string;
  /**
   * `configured`: the operator wrote the host; any address, no redirects. `untrusted`: the URL came from elsewhere;
   * public unicast addresses only, redirects of a GET re-checked, at most three.
   */
  readonly trust: 'configured' | 'untrusted';
  /** The only ports that may be asked, at every hop; any when absent. */
  readonly ports?: readonly number[];
  /** Limit of the response body. */
  readonly maxBytes: number;
  /** From the call to the last byte of the response. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/** The one place that talks to other hosts. Nothing here throws for what the other side did. */
export interface Outbound {
  request(request: OutboundRequest): Promise<OutboundResponse | OutboundFailed>;
  /** Like `request`, but hands out the body as it arrives, under the same limits. */
  open(request: OutboundRequest): Promise<OutboundStream | OutboundFailed>;
  /** Closes idle connections and waits for running requests. */
  close(): Promise<void>;
}
