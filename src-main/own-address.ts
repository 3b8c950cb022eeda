/** The scheme under which the window is served; unlike `file:` it has an origin of its own. */
export const scheme = 'app';
export const ownOrigin = `${scheme}://promptdev`;

/** Whether an address is one of the window's own. */
export function isOwnAddress(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol === `${scheme}:` && url.host === 'promptdev' && url.username === '';
}
