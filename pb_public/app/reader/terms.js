/**
 * An entry of a glossary.
 * @typedef {{ term: string, translation: string, kind?: string, gender?: string, aliases?: string[] }} Term
 * @typedef {{ start: number, end: number, term: Term }} Found
 * @typedef {(text: string) => Found[]} Finder
 */

/** Scripts without spaces between words, and one whose words go on in particles. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]$/u;
const GOES_ON = /\p{sc=Hangul}$/u;
/** Languages that inflect a word at its end, and such as write particles before it. */
const INFLECTED = /^(ru|uk|be|bg|sr|hr|bs|sl|mk|pl|cs|sk|lt|lv|et|fi|hu|tr|az|kk|el|de|nl|sv|da|nb|nn|no|is|ro|hy|ka|eu|la)\b/;
const PREFIXED = /^(ar|he|fa|ur)\b/;

const START = '(?<![\\p{L}\\p{N}])';
const END = '(?![\\p{L}\\p{N}])';

/**
 * Where terms stand in texts of a language, by one expression for all of them.
 * It is for the eye and errs mildly: what a translation is held to, the server
 * knows better.
 * @param {Term[]} terms
 * @param {(term: Term) => string[]} formsOf what a term is called in these texts
 * @param {string} tag the texts' language
 * @returns {Finder}
 */
export function termFinder(terms, formsOf, tag) {
  /** @type {Map<string, Term>} */
  const byForm = new Map();
  for (const term of terms) {
    for (const form of formsOf(term)) if (form.trim() && !byForm.has(plain(form))) byForm.set(plain(form), term);
  }
  /** @type {string[][]} */
  const [exact, loose, open, bare] = [[], [], [], []];
  for (const form of [...byForm.keys()].sort((a, b) => b.length - a.length)) {
    const pattern = form.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/ /g, '[\\s\\u00ad-]+');
    if (UNSPACED.test(form)) bare.push(pattern);
    else if (GOES_ON.test(form)) open.push(pattern);
    else if (INFLECTED.test(tag) && form.length > 3) loose.push(pattern);
    else exact.push(pattern);
  }
  const before = PREFIXED.test(tag) ? `${START}\\p{L}{0,3}` : START;
  const ways = [
    exact.length && `${before}(${exact.join('|')})${END}`,
    loose.length && `${START}(${loose.join('|')})\\p{L}{0,3}${END}`,
    open.length && `${START}(${open.join('|')})`,
    bare.length && `(${bare.join('|')})`,
  ].filter(Boolean);
  if (!ways.length) return () => [];
  const expression = new RegExp(ways.join('|'), 'giu');
  return (text) => {
    const found = [];
    for (const match of text.matchAll(expression)) {
      const term = byForm.get(plain(match.slice(1).find(Boolean) ?? ''));
      if (term) found.push({ start: match.index, end: match.index + match[0].length, term });
    }
    return found;
  };
}

/** @param {string} form */
const plain = (form) => form.trim().replace(/[\s\u00ad-]+/g, ' ').toLowerCase();

/** @param {Term} term */
export const inSource = ({ term, aliases }) => [term, ...(aliases ?? [])];
/** @param {Term} term */
export const inTranslation = ({ translation }) => [translation];
