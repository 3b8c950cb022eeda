const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Bytes for people, as in `7.3 MB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** Milliseconds for people, as in `<1 ms`, `84 ms`, `2.4 s`, `3 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1) return '<1 ms';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** A count or rate with thousands separators, as in `1,231` or `48.5`. */
export function formatNumber(value: number): string {
  return number.format(value >= 100 ? Math.round(value) : value);
}

/** US dollars with as many digits as it takes, as in `$0.00042`. */
export function formatCost(dollars: number): string {
  if (dollars === 0) return '$0';
  return `$${dollars >= 0.01 ? dollars.toFixed(dollars >= 1 ? 2 : 4) : dollars.toPrecision(2)}`;
}

/** How long ago, as in `just now`, `4 min ago`, `3 h ago`, else the date. */
export function formatAgo(timestamp: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(timestamp)) / 1_000);
  if (seconds < 45) return 'just now';
  if (seconds < 3_570) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 84_600) return `${Math.round(seconds / 3_600)} h ago`;
  return new Date(timestamp).toLocaleDateString(undefined, { year: 'numeric', month: 'short', day: 'numeric' });
}
