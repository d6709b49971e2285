import { complete, filled, plain, rewritten, rowOf } from '../reader/draft.js';
import { createStore } from '../store.js';
import { analyses } from './analysis.js';
import { target } from './language-choice.js';

/**
 * The style and the names that a person wants kept to, before anything is
 * translated. It is edited by the same lists as a brief in force (see
 * reader/brief.js); what is empty is found in the document. Names are a
 * language's own: another target has others.
 *
 * @typedef {import('../reader/terms.js').Term} Term
 * @typedef {import('../reader/draft.js').Row} Row
 */

/** @type {import('../store.js').Store<{ style: Record<string, any>, rows: Row[], review: boolean, conflicts: never[] }>} */
const store = createStore({ style: {}, rows: [], review: false, conflicts: [] });

/** The names of the languages that are not chosen now. @type {Map<string, Row[]>} */
const others = new Map();
let { tag: into } = target.get();

target.subscribe(() => {
  const { tag } = target.get();
  if (tag === into) return;
  // What is being found out of a document is for the language before.
  analyses.stop();
  const { rows } = store.get();
  const kept = others.get(tag) ?? [];
  // Names written before any language was chosen are meant for the first that is.
  const moved = into ? [] : rows.filter((row) => !kept.some((other) => same(other.term) === same(row.term)));
  others.delete(tag);
  if (into) others.set(into, rows);
  into = tag;
  store.set({ rows: [...kept, ...moved] });
});

/** @param {string} term */
const same = (term) => term.trim().toLowerCase();

export const wishes = {
  store,
  draft: () => store.get(),
  /** @param {Record<string, any>} style */
  restyle: (style) => store.set({ style }),
  /** @param {number} key @param {Partial<Row>} to */
  rewrite: (key, to) => store.set({ rows: rewritten(store.get().rows, key, to) }),
  /** @param {string} term @param {string} translation */
  add: (term, translation) => store.set({ rows: [rowOf({ term, translation }, true), ...store.get().rows] }),
  /** @param {Row} row */
  remove: ({ key }) => store.set({ rows: store.get().rows.filter((row) => row.key !== key) }),
  clear: () => store.set({ style: {}, rows: [] }),
  /** @param {boolean} review */
  setReview: (review) => store.set({ review }),

  /**
   * Takes terms in: what stands here already is written over, or left as it is.
   * @param {Term[]} terms
   * @param {boolean} over
   * @returns {number} how many are new or another than before
   */
  take(terms, over) {
    const rows = [...store.get().rows];
    let taken = 0;
    for (const term of terms) {
      const at = rows.findIndex((row) => same(row.term) === same(term.term));
      if (at < 0) rows.push(rowOf(term, true));
      else if (over && !isIn(term, rows[at])) rows[at] = { ...rows[at], ...term };
      else continue;
      taken += 1;
    }
    store.set({ rows });
    return taken;
  },

  /** Style that was proposed, where nothing is written yet. @param {Record<string, any>} found */
  takeStyle(found) {
    const { style } = store.get();
    store.set({ style: { ...found, ...filled(style) } });
  },

  /** As it travels: null where it is left to the analysis. */
  brief() {
    const { style, rows, review } = store.get();
    const terms = rows.filter(complete).map(plain);
    const written = filled(style);
    return { style: Object.keys(written).length ? written : null, glossary: terms.length ? terms : null, review };
  },

  /** Leaves nothing for the next person. */
  forget() {
    analyses.stop();
    others.clear();
    store.set({ style: {}, rows: [], review: false });
  },
};

/** @param {Term} term @param {Row} row */
const isIn = (term, row) => Object.entries(term).every(([name, value]) => JSON.stringify(value) === JSON.stringify(/** @type {any} */ (row)[name]));
