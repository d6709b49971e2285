import { rememberedWords } from '../remembered.js';
import { en } from './en.js';

/** @typedef {typeof en} Words every language has all of them: the type checker holds it */

/** The languages that the page itself speaks, by what their speakers call them. */
export const SPOKEN = { en: 'English', ko: '한국어' };

/** @type {Record<keyof typeof SPOKEN, () => Promise<Words>>} */
const LOADERS = { en: async () => en, ko: async () => (await import('./ko.js')).ko };

/** @type {Words} the page's words; set before any view is drawn, and again when another language is chosen */
export let words = en;

/** The language chosen here before, else the first that the browser prefers. @returns {keyof typeof SPOKEN} */
export function preferredWords() {
  const wishes = [rememberedWords.read() ?? '', ...(navigator.languages ?? [])].map((tag) => tag.split('-')[0]);
  return /** @type {keyof typeof SPOKEN | undefined} */ (wishes.find((tag) => tag in SPOKEN)) ?? 'en';
}

/**
 * Where a language cannot be fetched the page speaks English.
 * @param {keyof typeof SPOKEN} tag
 */
export async function speak(tag) {
  try {
    words = await LOADERS[tag]();
  } catch {
    words = en;
  }
  document.documentElement.lang = words.locale;
}
