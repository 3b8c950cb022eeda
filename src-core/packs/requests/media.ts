import { isMediaType, mediaUrlProblem } from '../../contract/media-address.ts';
import type { MessagePart } from '../../contract/messages.ts';
import { longestDetail, longestFileName } from '../../contract/part-rules.ts';
import type { Losses } from '../losses.ts';

/** An image, an audio or a file as a request names it: by one of an address, an id at the provider, or its bytes. */
export interface RequestMedia {
  readonly type: 'image' | 'audio' | 'file';
  readonly url?: unknown;
  readonly fileId?: unknown;
  /** Base64. */
  readonly data?: unknown;
  readonly mediaType?: unknown;
  readonly name?: unknown;
  readonly detail?: unknown;
}

/** The part that it becomes, or a text that stands for it; `complete` when nothing of it is lost. */
export type ReadMedia =
  | { readonly part: MessagePart; readonly complete: true }
  | {
      readonly standIn: string;
      readonly complete: false;
      /** The original can be kept: it has no bytes. */
      readonly small: boolean;
    };

const dataUrl = /^data:([^;,]*)((?:;[^;,]*)*?)(;base64)?,/i;

export function readMedia(media: RequestMedia, where: string, losses: Losses): ReadMedia {
  const url = textOf(media.url);
  const inline = url === null ? null : dataUrl.exec(url);
  if (inline !== null) {
    const data = url!.slice(inline[0].length);
    return dropped(media, { mediaType: inline[1], size: inline[3] ? bytesOf(data) : data.length }, where, losses);
  }
  if (url === null && typeof media.data === 'string') {
    const bare = media.data.replace(dataUrl, '');
    const mediaType = dataUrl.exec(media.data)?.[1] ?? media.mediaType;
    return dropped(media, { mediaType, size: bytesOf(bare) }, where, losses);
  }
  if (url !== null && mediaUrlProblem(url) === null) {
    losses.add('approximated', 'media', where, 'It became a part of the message.');
    return { part: partOf(media, url), complete: true };
  }
  const name = url ?? textOf(media.fileId) ?? textOf(media.name) ?? 'nothing';
  const why =
    url === null
      ? 'It has no address; it is named by a text and kept in the metadata.'
      : 'Its address cannot be loaded from here; it is named by a text and kept in the metadata.';
  losses.add('approximated', 'media', where, why);
  return { standIn: `[${media.type}: ${name.slice(0, 500)}]`, complete: false, small: true };
}

function partOf({ type, mediaType, name, detail }: RequestMedia, url: string): MessagePart {
  return {
    type,
    url,
    ...(typeof mediaType === 'string' && isMediaType(mediaType) && { mediaType }),
    ...(typeof name === 'string' && name !== '' && { name: name.slice(0, longestFileName) }),
    ...(typeof detail === 'string' && detail !== '' && { detail: detail.slice(0, longestDetail) }),
  };
}

function dropped(
  media: RequestMedia,
  { mediaType, size }: { readonly mediaType: unknown; readonly size: number },
  where: string,
  losses: Losses,
): ReadMedia {
  const type = typeof mediaType === 'string' && isMediaType(mediaType) ? mediaType : media.type;
  const facts = `${type}, ${size.toLocaleString('en-US')} bytes`;
  losses.add('approximated', 'media', where, 'A text stands where it was.');
  losses.add('dropped', 'media', where, `Its bytes (${facts}) stand in the file itself; add it to the message again.`);
  return { standIn: `[${media.type}: ${facts}]`, complete: false, small: false };
}

function bytesOf(base64: string): number {
  const digits = base64.replace(/[\s=]+/g, '').length;
  return Math.floor((digits * 3) / 4);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
