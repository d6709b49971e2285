import { config } from '../config.js';
import { rememberedLanguages } from '../remembered.js';

const KEPT = 5;

/** The languages translated into last, the latest first. @returns {string[]} */
export function recentLanguages() {
  try {
    const tags = JSON.parse(rememberedLanguages.read() ?? '[]');
    return Array.isArray(tags) ? tags.filter((tag) => config.languages.some((l) => l.tag === tag)) : [];
  } catch {
    return [];
  }
}

/** @param {string} tag */
export const noteLanguage = (tag) => rememberedLanguages.write(JSON.stringify([tag, ...recentLanguages().filter((other) => other !== tag)].slice(0, KEPT)));
