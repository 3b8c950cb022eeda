const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const two = (value: number) => String(value).padStart(2, '0');

/** A time (milliseconds since 1970, shown in UTC) in Python's `strftime` format, with English names. */
export function formatTime(now: number, format: string): string {
  const date = new Date(now);
  return format.slice(0, 1000).replace(/%(-?)([a-zA-Z%])/g, (whole, dash: string, letter: string) => {
    const part = timePart(date, letter);
    if (part === null) return whole;
    return dash === '-' ? part.replace(/^0+(?=\d)/, '') : part;
  });
}

function timePart(date: Date, letter: string): string | null {
  const day = days[date.getUTCDay()]!;
  const month = months[date.getUTCMonth()]!;
  const hour = date.getUTCHours();
  switch (letter) {
    case 'a':
      return day.slice(0, 3);
    case 'A':
      return day;
    case 'b':
    case 'h':
      return month.slice(0, 3);
    case 'B':
      return month;
    case 'd':
      return two(date.getUTCDate());
    case 'e':
      return String(date.getUTCDate()).padStart(2);
    case 'H':
      return two(hour);
    case 'I':
      return two(hour % 12 === 0 ? 12 : hour % 12);
    case 'j':
      return String(dayOfYear(date)).padStart(3, '0');
    case 'm':
      return two(date.getUTCMonth() + 1);
    case 'M':
      return two(date.getUTCMinutes());
    case 'p':
      return hour < 12 ? 'AM' : 'PM';
    case 'S':
      return two(date.getUTCSeconds());
    case 'w':
      return String(date.getUTCDay());
    case 'y':
      return two(date.getUTCFullYear() % 100);
    case 'Y':
      return String(date.getUTCFullYear());
    case 'Z':
      return 'UTC';
    case 'z':
      return '+0000';
    case '%':
      return '%';
    default:
      return compoundPart(date, letter);
  }
}

function compoundPart(date: Date, letter: string): string | null {
  const parts = (letters: string) => letters.replace(/[A-Za-z]/g, (each) => timePart(date, each) ?? each);
  switch (letter) {
    case 'c':
      return parts('a b e H:M:S Y');
    case 'D':
    case 'x':
      return parts('m/d/y');
    case 'F':
      return parts('Y-m-d');
    case 'R':
      return parts('H:M');
    case 'T':
    case 'X':
      return parts('H:M:S');
    default:
      return null;
  }
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}
