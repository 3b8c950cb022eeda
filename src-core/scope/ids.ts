import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import { v7 } from 'uuid';

/** A UUID v7 (RFC 9562): later ones of a process are greater, so that lists in the order of ids are in the order of time. */
export function newId(): string {
  return v7();
}

/** The same for something that happened at a time, the `sequence`th of its kind (from 0), when it had no such id then. */
export function idFrom(at: string, sequence: number): string {
  const msecs = Date.parse(at);
  return v7({ msecs: Number.isNaN(msecs) ? 0 : msecs, seq: sequence });
}

/** Everything that a version is, beside its place in a numbering. */
export interface VersionIdentity {
  readonly prompt: string;
  /** Hex SHA-256 of its canonical content. */
  readonly content: string;
  readonly parents: readonly string[];
  readonly author: string;
  readonly note: string;
  readonly at: string;
}

/** UUID v8 (RFC 9562) of the SHA-256 of what a version is: the same version has the same id wherever it was made. */
export function versionId(version: VersionIdentity): string {
  const digest = sha256(utf8ToBytes(`promptdev-version-v1\0${canonicalize(version)}`)).slice(0, 16);
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = bytesToHex(digest);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
