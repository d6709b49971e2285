// Numbers, sizes, money and times, as the page's language writes them.
import { numbersIn } from './words/numbers.js';
import { words } from './words/words.js';

/** @type {Map<string, any>} formatters cost much to make and little to keep */
const made = new Map();

/**
 * @template T
 * @param {string} kind
 * @param {(locale: string) => T} make
 * @returns {T}
 */
function formatter(kind, make) {
  const key = `${words.locale} ${kind}`;
  if (!made.has(key)) made.set(key, make(words.locale));
  return made.get(key);
}

/** @param {number} n */
export const number = (n) => formatter('numbers', numbersIn).number(n);

/** What is not whole is not called 100. @param {number} share 0 to 1 */
export const percent = (share) => formatter('percent', (locale) => new Intl.NumberFormat(locale, { style: 'percent' })).format(Math.floor(share * 100 + 1e-9) / 100);

/** @param {number} bytes */
export function fileSize(bytes) {
  if (bytes < 1000) return words.common.bytes(bytes);
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  const mb = bytes / 1024 / 1024;
  return `${mb < 10 ? Math.round(mb * 10) / 10 : Math.round(mb)} MB`;
}

/** What there is no coin below. */
export const CENT = 0.01;

/** @param {number} usd */
export function money(usd) {
  const dollars = formatter('money', (locale) => new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' }));
  return usd > 0 && usd < CENT ? words.common.lessThan(dollars.format(CENT)) : dollars.format(usd);
}

/** @param {number} seconds */
export function timeLeft(seconds) {
  const { fewSecondsLeft, secondsLeft, minutesLeft, hoursLeft } = words.common;
  return roughly(seconds, fewSecondsLeft, secondsLeft, minutesLeft, hoursLeft);
}

/** @param {number} seconds */
export function duration(seconds) {
  const common = words.common;
  return roughly(seconds, common.fewSeconds, common.seconds, common.minutes, common.hours);
}

/**
 * @param {number} seconds
 * @param {string} few
 * @param {(s: number) => string} some
 * @param {(min: number) => string} minutely
 * @param {(h: number, min: number) => string} hourly
 */
function roughly(seconds, few, some, minutely, hourly) {
  if (seconds < 10) return few;
  if (seconds < 55) return some(Math.ceil(seconds / 10) * 10);
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return minutely(minutes);
  const rest = minutes % 60;
  return hourly(Math.floor(minutes / 60), rest < 8 ? 0 : rest);
}

/** A time of day. @param {number | Date} time */
export const clock = (time) => formatter('clock', (locale) => new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })).format(time);

/**
 * @param {string} iso
 * @param {number} [now]
 */
export function moment(iso, now = Date.now()) {
  const date = new Date(iso);
  const days = Math.round((midnight(date.getTime()) - midnight(now)) / 86_400_000);
  if (days === 0) return words.common.today(clock(date));
  if (days === -1) return words.common.yesterday(clock(date));
  if (days === 1) return words.common.tomorrow(clock(date));
  // Days before months, as most of those write who read English here.
  const british = (/** @type {string} */ locale) => (locale === 'en' ? 'en-GB' : locale);
  const thisYear = date.getFullYear() === new Date(now).getFullYear();
  return formatter(thisYear ? 'day' : 'date', (locale) => new Intl.DateTimeFormat(british(locale),
    { day: 'numeric', month: 'long', ...(!thisYear && { year: 'numeric' }) })).format(date);
}

/** @param {number} time */
const midnight = (time) => new Date(time).setHours(0, 0, 0, 0);

/**
 * @param {string[]} items
 * @param {'conjunction' | 'disjunction'} type and, or
 */
export const list = (items, type) => formatter('numbers', numbersIn).list(items, type);

/** @param {string} sentence */
export const capital = (sentence) => sentence.charAt(0).toUpperCase() + sentence.slice(1);
