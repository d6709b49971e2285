import { words } from '../words/words.js';

/** A file's name has so many characters of what the text begins with. */
const NAME_LENGTH = 40;

/** So many characters tell what the rest is written in. */
const LOOKED_AT = 20_000;

/** What only Markdown has at the beginning of a line, or around words. */
const MARKDOWN = [/^#{1,6} \S/m, /^(```|~~~)/m, /^[-*+] \S/m, /^\d+\. \S/m, /^> /m, /\[[^[\]\n]{1,200}\]\([^)\n]{1,500}\)/, /\*\*[^*\n]+\*\*/];

/** One sign may be chance (a dash, a number); a heading or a fence is not. @param {string} text */
function isMarkdown(text) {
  const beginning = text.slice(0, LOOKED_AT);
  const signs = MARKDOWN.map((sign) => sign.test(beginning));
  return signs[0] || signs[1] || signs.filter(Boolean).length > 1;
}

/**
 * A text as a document, named by its first words.
 * @param {string} text
 * @returns {File}
 */
export function documentOf(text) {
  const markdown = isMarkdown(text);
  const line = text.split('\n').map((l) => l.replace(/^[#>*+\s-]+/, '').trim()).find(Boolean) ?? '';
  const plain = line.replace(/[\\/:*?"<>|\p{Cc}]+/gu, ' ').replace(/\s+/g, ' ').replace(/[\s.]+$/, '').trim();
  const letters = [...plain];
  const cut = letters.slice(0, NAME_LENGTH).join('');
  // Not within a word, where words have spaces between them.
  const name = letters.length > NAME_LENGTH ? cut.replace(/(?<=.{12})\s\S*$/u, '') : cut;
  const extension = markdown ? 'md' : 'txt';
  return new File([text], `${name || words.desk.pastedName}.${extension}`, { type: markdown ? 'text/markdown' : 'text/plain' });
}
