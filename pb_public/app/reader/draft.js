/**
 * Names and style as they are being written: of a translation (brief.js), and before
 * there is one (upload/wishes.js).
 *
 * @typedef {import('./terms.js').Term} Term
 * @typedef {Term & { key: number, gone?: boolean, added?: boolean }} Row a term as it is being written
 */

let lastKey = 0;

/** @param {Term} term @param {boolean} [added] whether it is in force nowhere yet @returns {Row} */
export const rowOf = (term, added) => ({ ...term, key: (lastKey += 1), ...(added && { added }) });

/** @param {Row[]} rows @param {number} key @param {Partial<Row>} to */
export const rewritten = (rows, key, to) => rows.map((row) => (row.key === key ? { ...row, ...to } : row));

/** A name without its translation says nothing. @param {Row} row */
export const complete = ({ term, translation }) => Boolean(term.trim() && translation.trim());

/**
 * As it travels: a term in one form, whatever was typed into it.
 * @param {Term} term
 * @returns {Term}
 */
export const plain = ({ term, translation, kind, gender, aliases }) => ({
  term: term.trim(), translation: translation.trim(),
  ...(kind && { kind }), ...(gender && { gender }), ...(aliases?.length && { aliases }),
});

/** @param {Record<string, any>} style */
export const filled = (style) => Object.fromEntries(Object.entries(style).filter(([, value]) => value !== '' && value !== null && value !== undefined));
