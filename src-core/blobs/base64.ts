const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const codes = Uint8Array.from(alphabet, (character) => character.charCodeAt(0));
const notInAlphabet = 64;
const values = new Uint8Array(128).fill(notInAlphabet);
for (const [value, code] of codes.entries()) values[code] = value;
const pad = 61;

/** The bytes of base64 with or without padding; null when it is none. */
export function decodeBase64(text: string): Uint8Array | null {
  const length = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length;
  if (length % 4 === 1 || (length < text.length && text.length % 4 !== 0)) return null;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let [at, bits, held] = [0, 0, 0];
  for (let i = 0; i < length; i++) {
    const value = values[text.charCodeAt(i)] ?? notInAlphabet;
    if (value === notInAlphabet) return null;
    held = ((held << 6) | value) & 0xff_ff_ff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (held >> bits) & 0xff;
  }
  return bytes;
}

/** Base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(pad);
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const [one, two = 0, three = 0] = [bytes[i]!, bytes[i + 1], bytes[i + 2]];
    text[at] = codes[one >> 2]!;
    text[at + 1] = codes[((one & 3) << 4) | (two >> 4)]!;
    if (i + 1 < bytes.length) text[at + 2] = codes[((two & 15) << 2) | (three >> 6)]!;
    if (i + 2 < bytes.length) text[at + 3] = codes[three & 63]!;
    at += 4;
  }
  return new TextDecoder().decode(text);
}
