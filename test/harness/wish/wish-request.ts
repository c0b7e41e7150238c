/** One answer of an endpoint or a session. */
export interface WishAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The stable code of a problem document; null: it is none. */
  readonly code: string | null;
}

/** What a request carries. */
export interface WishRequest {
  readonly token?: string;
  readonly type?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request of WHIP or WHEP, as a client sends it. */
export async function wish(method: string, url: string, request: WishRequest = {}): Promise<WishAnswer> {
  const { token, type, body, headers = {} } = request;
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(type !== undefined && { 'content-type': type }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
  return { status: response.status, headers: response.headers, text, code: isProblem ? JSON.parse(text).code : null };
}

/** `POST` of an offer. */
export function offerTo(
  url: string,
  token: string,
  sdp: string,
  headers: WishRequest['headers'] = {},
): Promise<WishAnswer> {
  return wish('POST', url, { token, type: 'application/sdp', body: sdp, headers });
}

/** The URL of the session that an answer names. */
export function sessionUrl(endpoint: string, { headers }: WishAnswer): string {
  return new URL(headers.get('location') ?? 'none:', endpoint).href;
}
