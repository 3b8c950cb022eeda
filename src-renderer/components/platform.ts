/** Whether ⌘ is this machine's main modifier key. */
export const isMac = /mac|iphone|ipad/i.test(navigator.platform);
