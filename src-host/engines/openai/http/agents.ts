import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { AppError } from '../../../../src-core/scope/errors.ts';
import { connectOptions, createConnector, createPool } from './connect.ts';
import { ProxyFailure } from './proxy-failure.ts';

/** Kept-alive connections, direct or through the proxy that the environment names. */
export interface Agents {
  /** Throws `invalid` when the environment names a proxy that cannot be one. */
  forUrl(url: URL): Dispatcher;
  /** Whether a request that is being written now is the first on its connection; true where that is not known. */
  isFresh(url: URL): boolean;
  /** Converts the error to a ProxyFailure when the proxy failed. */
  asProxyFailure(error: Error, url: URL): Error;
  close(): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** How long an unused connection is kept, milliseconds; shorter where the server says so. */
const keptMs = 60_000;

/**
 * Agents that follow `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` (lower case too). Local addresses never use the proxy,
 * because it would look for Ollama on its own computer.
 */
export function createAgents(env: Environment): Agents {
  // The watchdog decides how long an answer may take.
  const options = { headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: keptMs, allowH2: false } as const;
  const connector = createConnector();
  const direct = new Agent({ ...options, connect: connector.connect });
  let proxied: EnvHttpProxyAgent | null = null;

  function viaProxy(): Dispatcher {
    proxied ??= new EnvHttpProxyAgent({
      ...options,
      httpProxy: addressIn(env, 'http_proxy') ?? '',
      httpsProxy: addressIn(env, 'https_proxy') ?? '',
      noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
      // Plain HTTP requests use no tunnel, because many proxies open tunnels to port 443 only.
      proxyTunnel: false,
      factory: createPool,
      proxyTls: connectOptions,
      requestTls: connectOptions,
    });
    return proxied;
  }

  return {
    isFresh: (url) => proxyFor(url, env) !== null || connector.isFresh(),
    forUrl: (url) => (proxyFor(url, env) === null ? direct : viaProxy()),
    asProxyFailure(error, url) {
      const proxy = proxyFor(url, env);
      return proxy !== null && isFaultOf(proxy, error, url) ? new ProxyFailure(proxy.origin, error) : error;
    },
    close() {
      // Requests that still wait for a connection were cancelled before, so nobody handles their rejection.
      for (const agent of [direct, proxied]) agent?.destroy().catch(() => {});
    },
  };
}

/** Whether a host name or address means this computer; `URL` has normalised most spellings. */
export function isThisComputer(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '');
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    /^(?:127\.\d+\.\d+\.\d+$|0\.0\.0\.0$|\[::1?\]$|\[::ffff:7f)/.test(name)
  );
}

/** The proxy for an address, before NO_PROXY. */
function proxyFor(url: URL, env: Environment): URL | null {
  if (isThisComputer(url.hostname)) return null;
  const value = addressIn(env, url.protocol === 'https:' ? 'https_proxy' : 'http_proxy');
  return value === null ? null : new URL(value);
}

const proxySchemes = ['http:', 'https:', 'socks5:', 'socks:'];

/** The address of a proxy, with its scheme; curl and others take `proxy.example:3128` too. */
function addressIn(env: Environment, name: 'http_proxy' | 'https_proxy'): string | null {
  const value = (env[name] ?? env[name.toUpperCase()] ?? '').trim();
  if (value === '') return null;
  const address = value.includes('://') ? value : `http://${value}`;
  if (URL.canParse(address) && proxySchemes.includes(new URL(address).protocol)) return address;
  const shown = value.replace(/^([a-z0-9+.-]+:\/\/)?[^@/]*@/i, '$1…@');
  throw new AppError(
    'invalid',
    `${name.toUpperCase()} is "${shown}", which is not the address of a proxy such as http://proxy.example:3128; correct it or take it out of the environment.`,
  );
}

function isFaultOf(proxy: URL, error: NodeJS.ErrnoException & { port?: number; hostname?: string }, url: URL): boolean {
  const { code = '', message } = error;
  if (code.startsWith('UND_ERR_PRX') || code.startsWith('UND_ERR_SOCKS5')) return true;
  if (message.includes('when HTTP Tunneling') || message.includes('(407)')) return true;
  if (error.hostname === proxy.hostname) return true;
  return error.port !== undefined && error.port === portOf(proxy) && error.port !== portOf(url);
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
