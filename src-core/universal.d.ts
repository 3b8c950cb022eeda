/** The web-standard globals that every runtime of ours has (Node, browsers, Electron); nothing else may leak into src-core. */

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
  throwIfAborted(): void;
}
declare var AbortSignal: { any(signals: readonly AbortSignal[]): AbortSignal };

interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare var AbortController: { new (): AbortController };

declare var crypto: { randomUUID(): `${string}-${string}-${string}-${string}-${string}` };
declare var URL: {
  new (
    url: string,
  ): {
    readonly origin: string;
    readonly host: string;
    readonly hostname: string;
    readonly username: string;
    readonly password: string;
  };
  canParse(url: string): boolean;
};
declare var performance: { now(): number };
declare function structuredClone<T>(value: T): T;
declare function setTimeout(run: () => void, milliseconds?: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare function queueMicrotask(run: () => void): void;
declare var TextDecoder: {
  new (
    label?: string,
    options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean },
  ): {
    decode(bytes: Uint8Array): string;
  };
};
