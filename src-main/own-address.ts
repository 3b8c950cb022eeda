/** The scheme of the window's address; unlike `file:` it has its own origin. */
export const scheme = 'app';
export const ownOrigin = `${scheme}://promptdev`;

/** Whether an address is one of the window's own. */
export function isOwnAddress(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol === `${scheme}:` && url.host === 'promptdev' && url.username === '';
}
