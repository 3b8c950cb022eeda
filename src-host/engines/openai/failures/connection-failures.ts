import { ProxyFailure } from '../http/proxy-failure.ts';
import { type Failure, fail, failureOfAnswer, originOf, type Place, seconds, shorten } from './failures.ts';

const tlsCodes =
  /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH)/;

/** The failure that an error of the connection stands for. */
export function failureOfConnection(place: Place, error: unknown): Failure {
  const proxyFailure = chainOf(error).find((each) => each instanceof ProxyFailure);
  if (proxyFailure) return failureOfProxy(place, proxyFailure);
  const { code, message } = innermost(error);
  const name = place.endpoint;
  const origin = originOf(place);
  if (code === 'ECONNREFUSED') {
    return fail(
      'unavailable',
      'refused',
      `${name} cannot be reached: nothing listens at ${origin}; start the server or correct the address.`,
    );
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    const host = new URL(place.baseUrl).hostname;
    return fail(
      'unavailable',
      'dns',
      `${name} cannot be reached: the host name "${host}" was not found; check the address and the network.`,
      {
        retryable: code === 'EAI_AGAIN',
      },
    );
  }
  if (tlsCodes.test(code)) {
    return fail(
      'unavailable',
      'tls',
      `${name} cannot be reached safely: the TLS connection to ${origin} failed (${tlsReason(code, message)}); check the address and the certificate.`,
    );
  }
  if (code === 'BAD_ENCODING') {
    return failureOfAnswer('broken_stream', `${name} sent an answer whose compression (${message}) cannot be read.`);
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return fail(
      'unavailable',
      'not_openai',
      `${name} sent more headers with its answer than PromptDev reads (16 KB); check that ${origin} is the right address, and what a proxy in between adds.`,
    );
  }
  if (isNoHttp(code, message)) {
    return fail(
      'unavailable',
      'not_openai',
      `${name} does not speak HTTP at ${origin}; check the address and whether it should start with "https://".`,
    );
  }
  if (closedCodes.includes(code) || message === 'aborted') {
    return fail(
      'unavailable',
      'refused',
      `${name} closed the connection before it answered; check that ${origin} is the right address.`,
      { retryable: true },
    );
  }
  if (unreachableCodes.includes(code)) {
    return fail(
      'unavailable',
      'timeout',
      `${name} cannot be reached: no route to ${origin} (${code}); check the network.`,
    );
  }
  return fail('unavailable', 'refused', `The connection to ${name} failed: ${shorten(message || code)}.`);
}

/** Whether undici reports a violation of HTTP: no status line, endless headers, another protocol. */
function isNoHttp(code: string, message: string): boolean {
  if (code.startsWith('HPE_')) return true;
  return /^bad (?:response|upgrade)$|\bHTTP\/1\.1 protocol\b|^Parse Error/i.test(message);
}

const closedCodes: readonly string[] = [
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  // Compressed data without their end.
  'CUT_OFF',
];
const unreachableCodes: readonly string[] = [
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
];

/** The proxy failed; the endpoint may be available. */
function failureOfProxy(place: Place, { proxy, status, message }: ProxyFailure): Failure {
  const what = status === 407 ? 'asks for a user name and password' : status === null ? null : `refused (${status})`;
  const said = what === null ? `cannot be used (${shorten(message)})` : what;
  const settings = new URL(place.baseUrl).protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  return fail(
    'unavailable',
    'refused',
    `${place.endpoint} cannot be reached: the proxy ${proxy} ${said}; correct ${settings}, or name the host in NO_PROXY.`,
  );
}

/** Nothing arrived for too long: before the first byte, or after it. Says which wait it was and how to lengthen it. */
export function failureOfTimeout(
  place: Place & { readonly timeoutMs: number; readonly idleTimeoutMs: number },
  kind: 'no_first_byte' | 'silence',
): Failure {
  const { endpoint: name, timeoutMs, idleTimeoutMs } = place;
  const cli = (option: string) => `"promptdev models set ${name} ${option} SECONDS"`;
  const message =
    kind === 'silence'
      ? `${name} stopped in the middle of its answer: nothing arrived for ${seconds(idleTimeoutMs)}; to wait longer, raise "Between bytes" of the endpoint in Models, or use ${cli('--idle-timeout')}.`
      : `${name} did not answer within ${seconds(timeoutMs)}; to wait longer, raise "First byte" of the endpoint in Models, or use ${cli('--timeout')}.`;
  return fail('unavailable', 'timeout', message);
}

/** A check that should be answered at once got no answer. */
export function failureOfSilence(place: Place, waitedMs: number): Failure {
  return fail('unavailable', 'timeout', `${place.endpoint} did not answer within ${seconds(waitedMs)}.`);
}

/** The connection ended or broke after the answer had begun. */
export function failureOfDrop(place: Place): Failure {
  return fail(
    'unavailable',
    'broken_stream',
    `${place.endpoint} ended the connection before its answer was complete.`,
    { retryable: true },
  );
}

function tlsReason(code: string, message: string): string {
  if (code === 'CERT_HAS_EXPIRED') return 'the certificate has expired';
  if (code.includes('SELF_SIGNED')) return 'the certificate is self-signed';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'the certificate is for another host';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_'))
    return 'the server does not speak TLS there; does the address start with "http://"?';
  return shorten(message || code);
}

/** The error and its causes, outermost first: Node wraps one error per address tried. */
function chainOf(error: unknown): readonly unknown[] {
  const chain = [error];
  for (let current = error; chain.length < 6; chain.push(current)) {
    if (current instanceof AggregateError && current.errors.length > 0) current = current.errors[0];
    else if (current instanceof Error && current.cause instanceof Error) current = current.cause;
    else break;
  }
  return chain;
}

function innermost(error: unknown): { readonly code: string; readonly message: string } {
  const current = chainOf(error).at(-1);
  if (!(current instanceof Error)) return { code: '', message: String(current) };
  const { code } = current as NodeJS.ErrnoException;
  return { code: typeof code === 'string' ? code : '', message: current.message };
}
