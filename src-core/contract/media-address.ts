import { isLonger } from './text-length.ts';

/*
 * Where images, audio and files come from. Apart from the schemas, so that what renders a prompt needs no zod.
 */

export const longestUrl = 8_192;
export const mostParts = 100;

/** Whether a text is the hex SHA-256 of a blob. */
export function isBlobHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** What is wrong with the address of an image, an audio or a file; null when nothing is. */
export function mediaUrlProblem(url: string): string | null {
  if (/^data:/i.test(url))
    return 'A data URL is not taken here; add its bytes to the blobs of the workspace, and give the "hash" that comes back.';
  if (!/^https?:\/\/[^\s\p{Cc}/]/iu.test(url) || /[\s\p{Cc}]/u.test(url) || !URL.canParse(url))
    return 'The address must start with "http://" or "https://" and have no blanks, as in "https://example.com/cat.png".';
  return isLonger(url, longestUrl) ? `An address has at most ${longestUrl} characters.` : null;
}

/** Whether a text is a media type, as in `image/png`. */
export function isMediaType(text: string): boolean {
  return text.length <= 200 && /^[a-z0-9][\w.+!#$&^-]*\/[a-z0-9][\w.+!#$&^-]*$/i.test(text);
}
