import { call } from '../api.js';
import { createStore } from '../store.js';
import { formOf } from './send.js';

/**
 * What is being found out of a document: its style, its names, or both.
 * @type {import('../store.js').Store<{ asking: number, error: import('../api-error.js').ApiError | null }>}
 */
const store = createStore({ asking: 0, error: null });

/** @type {AbortController | null} */
let going = null;

export const analyses = {
  store,
  /**
   * Asks for both at once: neither waits for the other.
   * @param {File} file
   * @param {import('./send.js').Brief} brief
   * @returns {Promise<{ style: Record<string, any> | null, glossary: import('../reader/terms.js').Term[] } | null>} null where nothing was found, or it was stopped
   */
  async of(file, brief) {
    going?.abort();
    const { signal } = going = new AbortController();
    store.set({ asking: 2, error: null });
    const ask = async (/** @type {string} */ route) => {
      const found = await call(`/api/v1/${route}`, { method: 'POST', form: formOf(file, { ...brief, style: null, glossary: null }), signal });
      if (!signal.aborted) store.set({ asking: store.get().asking - 1 });
      return found;
    };
    const [style, names] = await Promise.allSettled([ask('analyze-style'), ask('analyze-glossary')]);
    if (signal.aborted) return null;
    const failed = [style, names].find(({ status }) => status === 'rejected');
    store.set({ asking: 0, error: failed ? /** @type {PromiseRejectedResult} */ (failed).reason : null });
    if (style.status === 'rejected' && names.status === 'rejected') return null;
    return { style: style.status === 'fulfilled' ? style.value : null, glossary: names.status === 'fulfilled' ? names.value.glossary : [] };
  },
  stop() {
    going?.abort();
    store.set({ asking: 0, error: null });
  },
};
