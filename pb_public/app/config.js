import { fetchOrThrow } from './api-error.js';

/**
 * @typedef {{ name: string, models: string[], needs_key: boolean, free: boolean }} Engine
 * @typedef {{ tag: string, name: string, english: string, dir: string }} Language
 * @typedef {{
 *   name: string, mode: 'demo' | 'serve', publishable_key: string | null,
 *   engines: Engine[],
 *   formats: { name: string, extensions: string[], media_type: string }[],
 *   languages: Language[], default_target_language: string,
 *   limits: { max_upload_bytes: number, max_active_jobs: number },
 * }} Config
 */

/** @type {Config} set before any view is drawn */
export let config;

export async function loadConfig() {
  const response = await fetchOrThrow('/api/v1/config');
  config = await response.json();
}

/** @param {string} name @returns {Engine | undefined} */
export const engineNamed = (name) => config.engines.find((engine) => engine.name === name);

/** @type {Record<string, string>} */
const ENGINE_NAMES = { gemini: 'Gemini', pseudo: 'Offline, only plays at it' };

/** What people call an engine. @param {string} name */
export const engineTitle = (name) => ENGINE_NAMES[name] ?? name;

const englishNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

/**
 * The language as the server describes it, or as well as the browser can.
 * @param {string} tag BCP 47
 * @returns {Language}
 */
export function language(tag) {
  const exact = config.languages.find((l) => l.tag === tag);
  if (exact) return exact;
  const base = config.languages.find((l) => l.tag === tag.split('-')[0]);
  let english = base?.english ?? tag;
  try { english = englishNames.of(tag) ?? english; } catch { /* not a tag browsers know */ }
  // 'auto' lets the browser go by the letters themselves.
  return { tag, name: base?.name ?? english, english, dir: base?.dir ?? 'auto' };
}
