import { words } from '../words/words.js';

/**
 * A glossary as a table: term, translation, kind, gender, aliases.
 * @typedef {import('../reader/terms.js').Term} Term
 * @typedef {{ line: number, message: string }} Fault
 */

/** The server's own bounds, so that a line is named here which it would refuse as a whole. */
const MOST_TERMS = 5000;
const LONGEST = 500;
const MOST_ALIASES = 20;
const LONGEST_ALIAS = 120;

const COLUMNS = ['term', 'translation', 'kind', 'gender', 'aliases'];
/** What spreadsheets of others call the first two. */
const ALSO = { term: /^(term|source|original|name|용어|원문|원어|이름)$/, translation: /^(translation|target|번역|번역문|역어)$/ };

/**
 * A file's text. What is not in Unicode is taken for what spreadsheets write
 * where the page's language is spoken.
 * @param {ArrayBuffer} bytes
 */
export function textOf(bytes) {
  const [first, second] = new Uint8Array(bytes);
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(words.locale === 'ko' ? 'euc-kr' : 'windows-1252').decode(bytes);
  }
}

/**
 * The cells of a table by RFC 4180: quotes, doubled quotes, line breaks in them.
 * The separator is whatever the first line has most of.
 * @param {string} text
 * @returns {{ line: number, cells: string[], open: boolean }[]} open: its quotes are never closed
 */
function rowsOf(text) {
  const head = text.split(/\r?\n/, 1)[0].replace(/"[^"]*"/g, '');
  const separator = ['\t', ';', ','].reduce((best, mark) => (head.split(mark).length > head.split(best).length ? mark : best), ',');
  /** @type {{ line: number, cells: string[], open: boolean }[]} */
  const rows = [];
  let cells = [''];
  let [line, begun] = [1, 1];
  let quoted = false;
  const end = () => {
    if (cells.some((cell) => cell.trim())) rows.push({ line: begun, cells: cells.map((cell) => cell.trim().replace(/^'(?=[=+\-@])/, '')), open: quoted });
    cells = [''];
    begun = line;
  };
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '\n') line += 1;
    if (quoted) {
      if (letter === '"' && text[at + 1] === '"') at += 1;
      else if (letter === '"') {
        quoted = false;
        continue;
      }
      cells[cells.length - 1] += text[at];
    } else if (letter === '"' && !cells[cells.length - 1].trim()) quoted = true;
    else if (letter === separator) cells.push('');
    else if (letter === '\n') end();
    else if (letter !== '\r') cells[cells.length - 1] += letter;
  }
  end();
  return rows;
}

/**
 * @param {string} text
 * @returns {{ terms: Term[], faults: Fault[] }} what can be used, and what is wrong with the other lines
 */
export function readGlossary(text) {
  const rows = rowsOf(text.replace(/^\uFEFF/, ''));
  const names = rows[0]?.cells.map((cell) => cell.toLowerCase()) ?? [];
  const titled = names.some((name) => ALSO.term.test(name)) && names.some((name) => ALSO.translation.test(name));
  const place = (/** @type {string} */ column, /** @type {number} */ otherwise) => {
    if (!titled) return otherwise;
    return names.findIndex((name) => (column in ALSO ? /** @type {any} */ (ALSO)[column].test(name) : name === column));
  };
  const places = COLUMNS.map(place);
  const w = words.desk.csv;
  /** @type {Map<string, number>} */
  const seen = new Map();
  const terms = [];
  const faults = [];
  for (const { line, cells, open } of titled ? rows.slice(1) : rows) {
    const [term, translation, kind, gender, others] = places.map((at) => cells[at] ?? '');
    const aliases = others.split(/[|;]/).map((name) => name.trim()).filter(Boolean);
    const known = seen.get(term.toLowerCase());
    const message = open ? w.openQuote : cells.length < 2 ? w.oneColumn
      : !term ? w.noTerm
        : !translation ? w.noTranslation(term)
          : term.length > LONGEST || translation.length > LONGEST || kind.length > LONGEST || gender.length > LONGEST ? w.tooLong(LONGEST)
            : aliases.length > MOST_ALIASES ? w.manyAliases(MOST_ALIASES)
              : aliases.some((name) => name.length > LONGEST_ALIAS) ? w.longAlias(LONGEST_ALIAS)
                : known ? w.twice(term, known)
                  : terms.length >= MOST_TERMS ? w.tooMany(MOST_TERMS) : '';
    if (message) {
      faults.push({ line, message });
      continue;
    }
    seen.set(term.toLowerCase(), line);
    terms.push({ term, translation, ...(kind && { kind }), ...(gender && { gender }), ...(aliases.length && { aliases }) });
  }
  return { terms, faults };
}

/**
 * For spreadsheets, which know UTF-8 by the mark at its beginning, and would reckon
 * with what begins like a formula, unless an apostrophe stands before it.
 * @param {Term[]} terms
 */
export function writeGlossary(terms) {
  const plain = (/** @type {string} */ text) => (/^[=+\-@]/.test(text) ? `'${text}` : text);
  const quote = (/** @type {string} */ text) => (/[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const lines = terms.map(({ term, translation, kind = '', gender = '', aliases = [] }) => [term, translation, kind, gender, aliases.join(' | ')].map(plain).map(quote).join(','));
  return `\uFEFF${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}
