/** The parts of a request that are checked: header values as they came, null when absent. */
export interface IncomingRequest {
  readonly method: string;
  /** Request target as it stands in the request line. */
  readonly target: string;
  readonly host: string | null;
  readonly origin: string | null;
  readonly fetchSite: string | null;
  readonly signedIn: boolean;
}

export type Verdict =
  /** Signed in. `path` is decoded and begins with `/`. */
  | { readonly kind: 'enter'; readonly path: string; readonly query: URLSearchParams }
  /** From this machine's own browser or a program, but without a session: may sign in. */
  | { readonly kind: 'unauthenticated'; readonly path: string; readonly query: URLSearchParams }
  | { readonly kind: 'refuse'; readonly status: 400 | 403 | 405 | 421; readonly sentence: string };

const refuse = (status: 400 | 403 | 405 | 421, sentence: string): Verdict => ({ kind: 'refuse', status, sentence });

const methodsOf = (path: string): readonly string[] => (path.startsWith('/models/') ? ['PUT'] : ['GET', 'HEAD']);

/**
 * Authorises every request and upgrade before anything else reads it. Any web page can send requests to 127.0.0.1: the
 * exact `Host` prevents DNS rebinding, `Origin` and `Sec-Fetch-Site` exclude other sites (also those on another local
 * port).
 */
export function authorize(request: IncomingRequest, port: number): Verdict {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (request.host === null || !hosts.includes(request.host)) {
    return refuse(421, `PromptDev answers only under 127.0.0.1:${port}.`);
  }
  if (request.origin !== null && request.origin !== `http://${request.host}`) {
    return refuse(403, 'PromptDev refuses requests that come from other sites.');
  }
  if (request.fetchSite !== null && request.fetchSite !== 'same-origin' && request.fetchSite !== 'none') {
    return refuse(
      403,
      'PromptDev refuses requests that come from other sites. Paste its address into the address bar.',
    );
  }
  if (!request.target.startsWith('/')) return refuse(400, 'The request target must begin with "/".');
  const url = parse(request.target, port);
  if (!url) return refuse(400, 'The request target is not a valid address.');
  if (!methodsOf(url.path).includes(request.method)) {
    return refuse(405, `${request.method} is not allowed here.`);
  }
  return { kind: request.signedIn ? 'enter' : 'unauthenticated', ...url };
}

const parse = (target: string, port: number): { path: string; query: URLSearchParams } | null => {
  // A target such as "//evil/x" would be read as another host.
  const url = URL.parse(`http://127.0.0.1:${port}${target}`);
  if (!url) return null;
  try {
    return { path: decodeURIComponent(url.pathname), query: url.searchParams };
  } catch {
    return null;
  }
};
