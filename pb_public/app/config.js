import { fetchOrThrow, jsonFrom } from './api-error.js';
import { words } from './words/words.js';

/**
 * @typedef {{ input: number, output: number }} Price US dollars a million tokens
 * @typedef {{ name: string, models: string[], needs_key: boolean, free: boolean, prices?: Record<string, Price> }} Engine
 * @typedef {{ tag: string, name: string, english: string, dir: string }} Language
 * @typedef {{
 *   name: string, mode: 'demo' | 'serve', publishable_key: string | null,
 *   frontend_api: string | null, proxy_url: string | null,
 *   engines: Engine[],
 *   formats: { name: string, extensions: string[], media_type: string }[],
 *   languages: Language[], default_target_language: string,
 *   limits: { max_upload_bytes: number, max_active_jobs: number, keep_days: number }, prices_of: string | null,
 * }} Config
 */

/** @type {Config} set before any view is drawn */
export let config;

export async function loadConfig() {
  config = await jsonFrom(await fetchOrThrow('/api/v1/config'));
}

/** @param {string} name @returns {Engine | undefined} */
export const engineNamed = (name) => config.engines.find((engine) => engine.name === name);

/** What people call an engine. @param {string} name */
export const engineTitle = (name) => /** @type {Record<string, string>} */ (words.engines)[name] ?? name;

/** What people call a format. @param {string} name */
export const formatTitle = (name) => /** @type {Record<string, string>} */ (words.desk.formats)[name] ?? name.toUpperCase();

/** @type {Map<string, Intl.DisplayNames>} */
const names = new Map();

/** A language's name in the language of the page. @param {string} tag BCP 47 */
export function languageTitle(tag) {
  const { locale } = words;
  if (!names.has(locale)) names.set(locale, new Intl.DisplayNames(locale, { type: 'language', fallback: 'none' }));
  let title;
  try { title = names.get(locale)?.of(tag); } catch { /* not a tag browsers know */ }
  // The server's English names are those that its own list is sorted and told by.
  const known = config.languages.find((l) => l.tag === tag);
  return (locale === 'en' ? known?.english ?? title : title ?? known?.english) ?? config.languages.find((l) => l.tag === tag.split('-')[0])?.english ?? tag;
}

/**
 * The language as the server describes it, or as well as the browser can.
 * @param {string} tag BCP 47
 * @returns {Language}
 */
export function language(tag) {
  const exact = config.languages.find((l) => l.tag === tag);
  if (exact) return exact;
  const base = config.languages.find((l) => l.tag === tag.split('-')[0]);
  const english = languageTitle(tag);
  // 'auto' lets the browser go by the letters themselves.
  return { tag, name: base?.name ?? english, english, dir: base?.dir ?? 'auto' };
}
