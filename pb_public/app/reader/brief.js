import { call } from '../api.js';
import { checkJob } from '../jobs/jobs-store.js';
import { createStore } from '../store.js';
import { complete, filled, plain, rewritten, rowOf } from './draft.js';

/**
 * The names and the style that a translation keeps to: as they are in force, as
 * they are being written, and what the change would touch.
 *
 * @typedef {import('./terms.js').Term} Term
 * @typedef {import('./draft.js').Row} Row
 * @typedef {{ style: Record<string, any>, rows: Row[] }} Draft
 * @typedef {{ positions: number[], cost_usd: number | null, eta_seconds: number | null }} Effect
 * @typedef {{
 *   loaded: boolean, error: string, madeBy: string, style: Record<string, any>, glossary: Term[],
 *   conflicts: { term: string, chosen: string, others: string[] }[],
 *   draft: Draft | null, effect: Effect | null, asking: boolean, applying: boolean,
 *   refusal: import('../api-error.js').ApiError | null,
 * }} Brief
 */

/** So long nobody types, before what it costs is asked for. */
const ASK_AFTER_MS = 350;
const AGAIN_AFTER_MS = 2000;

/** @param {string} jobId */
export function createBrief(jobId) {
  const path = `/api/v1/jobs/${encodeURIComponent(jobId)}/brief`;
  /** @type {import('../store.js').Store<Brief>} */
  const store = createStore({
    loaded: false, error: '', madeBy: '', style: {}, glossary: [], conflicts: [],
    draft: null, effect: null, asking: false, applying: false, refusal: null,
  });
  const closing = new AbortController();
  /** Counts what is typed, so that an answer to something else is not taken for one to this. */
  let version = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  async function load() {
    try {
      const brief = await call(path, { signal: closing.signal });
      // The same again is not another: what is made of it need not be made anew.
      const { glossary } = store.get();
      store.set({
        loaded: true, error: '', madeBy: brief.made_by, style: brief.style_data, conflicts: brief.conflicts ?? [],
        glossary: JSON.stringify(brief.glossary) === JSON.stringify(glossary) ? glossary : brief.glossary,
      });
    } catch (error) {
      if (!closing.signal.aborted) store.set({ error: /** @type {Error} */ (error).message });
    }
  }

  /** The rows of the glossary in force. @type {Row[]} */
  let rows = [];
  /** @type {Term[] | undefined} */
  let rowsOf;
  /** @returns {Draft} */
  function draft() {
    const { draft: begun, style, glossary } = store.get();
    if (begun) return begun;
    if (rowsOf !== glossary) {
      rowsOf = glossary;
      rows = glossary.map((term) => rowOf(term));
    }
    return { style, rows };
  }

  /** What of the draft is another than what is in force. @returns {{ style_data?: Record<string, any>, glossary?: Term[] } | null} */
  function change() {
    const { draft: written, style, glossary } = store.get();
    if (!written) return null;
    const terms = written.rows.filter(({ gone }) => !gone).map(plain);
    const changed = {
      ...(JSON.stringify(filled(written.style)) !== JSON.stringify(filled(style)) && { style_data: filled(written.style) }),
      ...(JSON.stringify(terms) !== JSON.stringify(glossary.map(plain)) && { glossary: terms }),
    };
    return Object.keys(changed).length ? changed : null;
  }

  /** @param {Draft} written */
  function write(written) {
    version += 1;
    store.set({ draft: written, effect: null, refusal: null });
    const changed = change();
    if (!changed) store.set({ draft: null, asking: false });
    clearTimeout(timer);
    if (changed && incomplete(written)) store.set({ asking: false });
    else if (changed) {
      store.set({ asking: true });
      timer = setTimeout(ask, ASK_AFTER_MS);
    }
  }

  /** @type {Promise<void> | undefined} the server looks at one change of a person's at a time */
  let looking;
  async function ask() {
    const of = version;
    await looking;
    if (of !== version || closing.signal.aborted) return;
    looking = look(of).finally(() => { looking = undefined; });
  }

  /** @param {number} of */
  async function look(of) {
    try {
      const effect = await call(`${path}?dry_run=1`, { method: 'PATCH', json: change() ?? {}, signal: closing.signal });
      if (of === version) store.set({ effect, asking: false });
    } catch (error) {
      if (of !== version || closing.signal.aborted) return;
      const refusal = /** @type {import('../api-error.js').ApiError} */ (error);
      if (refusal.status === 429 || refusal.status === 503) timer = setTimeout(ask, AGAIN_AFTER_MS);
      else store.set({ refusal, asking: false });
    }
  }

  return {
    store,
    load,
    draft,
    change,
    /** @param {Record<string, any>} style */
    restyle: (style) => write({ ...draft(), style }),
    /** @param {number} key @param {Partial<Row>} to */
    rewrite: (key, to) => write({ ...draft(), rows: rewritten(draft().rows, key, to) }),
    /** @param {string} term @param {string} translation */
    add: (term, translation) => write({ ...draft(), rows: [rowOf({ term, translation }, true), ...draft().rows] }),
    /** @param {Row} row */
    remove: ({ key }) => write({ ...draft(), rows: draft().rows.flatMap((row) => (row.key !== key ? [row] : row.added ? [] : [{ ...row, gone: true }])) }),
    discard: () => {
      version += 1;
      clearTimeout(timer);
      store.set({ draft: null, effect: null, asking: false, refusal: null });
    },

    /**
     * Puts the change in force.
     * @param {object} [renewal] a key that it takes
     * @returns {Promise<number[] | null>} what is translated again; null when it was refused
     */
    async apply(renewal = {}) {
      const changed = change();
      if (!changed || store.get().applying) return null;
      store.set({ applying: true, refusal: null });
      try {
        await looking;
        const { positions } = await call(path, { method: 'PATCH', json: { ...changed, ...renewal } });
        version += 1;
        store.set({ draft: null, effect: null, asking: false, ...('glossary' in changed && { glossary: changed.glossary }), ...('style_data' in changed && { style: changed.style_data }) });
        checkJob(jobId);
        load();
        return positions;
      } catch (error) {
        store.set({ refusal: /** @type {import('../api-error.js').ApiError} */ (error) });
        return null;
      } finally {
        store.set({ applying: false });
      }
    },
    close() {
      clearTimeout(timer);
      closing.abort();
    },
  };
}

/** @typedef {ReturnType<typeof createBrief>} BriefDesk */

/** @param {Draft} draft */
export const incomplete = ({ rows }) => rows.some((row) => !row.gone && !complete(row));
