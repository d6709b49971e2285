import { config, engineNamed, formatTitle, languageTitle } from '../config.js';
import { capital, duration, fileSize, money, number } from '../phrasing.js';
import { words } from '../words/words.js';

/** @typedef {import('./quotes.js').Quote} Quote */

/** What a document is. @param {File} file @param {Quote | null} quote */
export function factsOf(file, quote) {
  if (!quote) return fileSize(file.size);
  const { format, characters, source_language: source } = quote;
  return [capital(formatTitle(format)), source && languageTitle(source), words.desk.characters(number(characters), characters), fileSize(file.size)].filter(Boolean).join(' · ');
}

/**
 * What a translation takes, in money and time.
 * @param {Pick<Quote, 'cost_usd' | 'eta_seconds'>} quote
 * @param {string} engine its name, '' for the server's first
 */
export function priceOf({ cost_usd: cost, eta_seconds: eta }, engine) {
  const { free } = engineNamed(engine) ?? config.engines[0];
  const price = free ? words.desk.free : cost ? between(cost.low, cost.high) : words.desk.priceUnknown;
  return eta ? words.desk.priceAndTime(price, duration(eta)) : price;
}

/** @param {number} low @param {number} high */
function between(low, high) {
  const [from, to] = [money(low), money(high)];
  // "Under a cent to two cents" says no more than "up to two cents".
  if (from === to) return to;
  return low < 0.01 ? words.desk.upTo(to) : words.desk.costs(from, to);
}

/**
 * All documents together; they are translated side by side, so that the longest
 * tells the time. What is not known of one is not known of all.
 * @param {Quote[]} all
 * @returns {Pick<Quote, 'cost_usd' | 'eta_seconds'>}
 */
export function sumOf(all) {
  const costs = all.map(({ cost_usd: cost }) => cost);
  const known = costs.every((cost) => cost !== null);
  const sum = (/** @type {'low' | 'high'} */ end) => costs.reduce((total, cost) => total + (cost?.[end] ?? 0), 0);
  const times = all.map(({ eta_seconds: eta }) => eta ?? 0);
  return {
    cost_usd: known ? { low: sum('low'), high: sum('high') } : null,
    eta_seconds: times.every(Boolean) ? Math.max(...times) : null,
  };
}
