import { findEndpointPreset } from './presets.ts';

/** How an endpoint is asked where a person chose nothing. */
export interface EndpointDefaults {
  /** Requests at once. */
  readonly maxConcurrency: number;
  /** Longest wait for the first byte of an answer, milliseconds. */
  readonly timeoutMs: number;
  /** Longest wait between two bytes of an answer, milliseconds. */
  readonly idleTimeoutMs: number;
  readonly maxRetries: number;
}

/** A service answers within two minutes, thinking included, or not at all. */
const service = { timeoutMs: 120_000, idleTimeoutMs: 120_000 };
/** A server of one's own loads a model first, reads a long prompt on the processor, and lets requests wait for each other. */
const ownServer = { timeoutMs: 900_000, idleTimeoutMs: 300_000 };

/** The one place where the settings of a new endpoint come from, for core, window and command line. */
export function endpointDefaults(baseUrl: string, preset: string | null): EndpointDefaults {
  return {
    maxConcurrency: (preset === null ? null : findEndpointPreset(preset))?.defaultConcurrency ?? 16,
    maxRetries: 3,
    ...(isOwnServer(baseUrl) ? ownServer : service),
  };
}

/** Whether an address is on this computer or in a network of one's own. */
function isOwnServer(baseUrl: string): boolean {
  const host = /^https?:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/?#]*)/i.exec(baseUrl)?.[1]?.toLowerCase() ?? '';
  if (host === '') return false;
  if (host.startsWith('[')) return /^\[(?:::1|f[cd][0-9a-f]{2}:|fe80:)/.test(host);
  if (/^\d+(?:\.\d+){3}$/.test(host)) return /^(?:127|10|192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254)\./.test(host);
  return !host.includes('.') || /\.(?:localhost|local|lan|internal|home\.arpa)$/.test(host);
}
