/** What the `format` keyword knows; other formats say nothing about a text. Each takes time in proportion to the text. */
export const jsonFormats: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['date', isDate],
  ['time', isTime],
  ['date-time', isDateTime],
  [
    'duration',
    (text) => /^P(?!$)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/.test(text),
  ],
  ['email', isEmail],
  ['uuid', (text) => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)],
  ['ipv4', isIpv4],
  ['ipv6', isIpv6],
  ['hostname', (text) => text.length <= 253 && text.split('.').every(isHostLabel)],
  ['uri', (text) => /^[a-z][a-z\d+.-]*:[^\s<>"{}|\\^`]*$/i.test(text)],
  ['uri-reference', (text) => /^[^\s<>"{}|\\^`]*$/.test(text)],
  ['json-pointer', (text) => /^(?:\/(?:[^~/]|~[01])*)*$/.test(text)],
]);

function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  // The last day of a month is the day before the first of the next.
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

function isTime(text: string): boolean {
  const found = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|[+-](\d\d):(\d\d))$/i.exec(text);
  if (found === null) return false;
  const [hours = 0, minutes = 0, seconds = 0, zoneHours = 0, zoneMinutes = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  return hours <= 23 && minutes <= 59 && seconds <= 60 && zoneHours <= 23 && zoneMinutes <= 59;
}

function isDateTime(text: string): boolean {
  return /^.{10}t/i.test(text) && isDate(text.slice(0, 10)) && isTime(text.slice(11));
}

function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  const [name, host] = [text.slice(0, at), text.slice(at + 1)];
  const isName = /^"[^"\\]+"$/.test(name) || name.split('.').every((part) => /^[\w!#$%&'*+/=?^`{|}~-]+$/.test(part));
  return at > 0 && isName && (host.split('.').every(isHostLabel) || /^\[.+\]$/.test(host));
}

function isHostLabel(label: string): boolean {
  return label.length <= 63 && /^[a-z\d](?:[a-z\d-]*[a-z\d])?$/i.test(label);
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function isIpv6(text: string): boolean {
  if (text.length > 45) return false;
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return false;
  const groups = [head, tail ?? ''].flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const count = groups.length + (isIpv4(last) ? 1 : 0);
  const isGroup = (group: string, index: number) =>
    /^[\da-f]{1,4}$/i.test(group) || (index === groups.length - 1 && isIpv4(group));
  return groups.every(isGroup) && (tail === undefined ? count === 8 : count < 8);
}
