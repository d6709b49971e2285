// Numbers, sizes and times in words.

const whole = new Intl.NumberFormat('en');
const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dayMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' });
const dayMonthYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

/**
 * @param {number} n
 * @param {string} one
 * @param {string} [many]
 */
export const count = (n, one, many = `${one}s`) => `${whole.format(n)} ${n === 1 ? one : many}`;

/** @param {number} n */
export const number = (n) => whole.format(n);

/** @param {number} bytes */
export function fileSize(bytes) {
  if (bytes < 1000) return count(bytes, 'byte');
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  const mb = bytes / 1024 / 1024;
  return `${mb < 10 ? Math.round(mb * 10) / 10 : Math.round(mb)} MB`;
}

/** @param {number} seconds */
export function timeLeft(seconds) {
  if (seconds < 10) return 'a few seconds left';
  if (seconds < 55) return `about ${Math.ceil(seconds / 10) * 10} s left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${Math.max(1, minutes)} min left`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 < 8 ? `about ${hours} h left` : `about ${hours} h ${minutes % 60} min left`;
}

/**
 * @param {string} iso
 * @param {number} [now]
 */
export function moment(iso, now = Date.now()) {
  const date = new Date(iso);
  const days = Math.round((midnight(date.getTime()) - midnight(now)) / 86_400_000);
  if (days === 0) return `today, ${clock.format(date)}`;
  if (days === -1) return `yesterday, ${clock.format(date)}`;
  if (days === 1) return `tomorrow, ${clock.format(date)}`;
  return (date.getFullYear() === new Date(now).getFullYear() ? dayMonth : dayMonthYear).format(date);
}

/** @param {number} time */
const midnight = (time) => new Date(time).setHours(0, 0, 0, 0);

/** @param {string} sentence */
export const capital = (sentence) => sentence.charAt(0).toUpperCase() + sentence.slice(1);
