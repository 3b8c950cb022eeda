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
    this.status = Number(/\((\d{3})\)/.exec(error.message)?.[1] ?? Number.NaN) || null;
  }
}
