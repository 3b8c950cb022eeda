import http from 'node:http';
import https from 'node:https';

/** Kept-alive connections, direct or through the proxy that the environment names. */
export interface Agents {
  forUrl(url: URL): http.Agent;
  /** The error as one of the proxy when it was the proxy that failed. */
  blame(error: Error, url: URL): Error;
  close(): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy failed, not the endpoint behind it. */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';
  /** Scheme, host and port; a user name or password stays out of messages. */
  readonly proxy: string;
  /** Its answer, where it gave one. */
  readonly status: number | null;

  constructor(proxy: string, error: Error) {
    super(error.message);
    this.proxy = proxy;
    const { statusCode } = error as Error & { readonly statusCode?: unknown };
    this.status = typeof statusCode === 'number' ? statusCode : null;
  }
}

/**
 * Agents that follow `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` (small letters too) as Node reads them. This computer itself
 * is always asked directly, because a proxy elsewhere would look for Ollama on itself.
 */
export function createAgents(env: Environment): Agents {
  // Node gives each address of a host 250 ms to connect, which is too short for a distant server.
  const options = { keepAlive: true, scheduling: 'lifo', autoSelectFamilyAttemptTimeout: 2_000 } as const;
  const make = (proxyEnv?: Environment) => {
    const more = proxyEnv === undefined ? options : { ...options, proxyEnv: { ...proxyEnv } };
    return { 'http:': new http.Agent(more), 'https:': new https.Agent(more) };
  };
  const direct = make();
  const proxied = make(env);
  return {
    forUrl: (url) => (isThisComputer(url.hostname) ? direct : proxied)[url.protocol === 'https:' ? 'https:' : 'http:'],
    blame(error, url) {
      const proxy = isThisComputer(url.hostname) ? null : proxyFor(url, env);
      return proxy !== null && isFaultOf(proxy, error, url) ? new ProxyFailure(proxy.origin, error) : error;
    },
    close() {
      for (const agent of [...Object.values(direct), ...Object.values(proxied)]) agent.destroy();
    },
  };
}

function isThisComputer(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127\./.test(hostname);
}

function proxyFor(url: URL, env: Environment): URL | null {
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const value = env[name] ?? env[name.toUpperCase()] ?? '';
  return URL.canParse(value) ? new URL(value) : null;
}

function isFaultOf(proxy: URL, error: NodeJS.ErrnoException & { port?: number; hostname?: string }, url: URL): boolean {
  if (error.code === 'ERR_PROXY_TUNNEL' || error.hostname === proxy.hostname) return true;
  return error.port !== undefined && error.port === portOf(proxy) && error.port !== portOf(url);
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
