import { createStore } from '../store.js';

/**
 * What the page knows of its way to the server. `lost` and `offline` are for the
 * head of the page; `asOf` is when anything was last heard, as long as that is too
 * long ago for what moves to be shown as if it were now, and else 0.
 *
 * @type {import('../store.js').Store<{ lost: boolean, offline: boolean, asOf: number }>}
 */
export const stream = createStore({ lost: false, offline: false, asOf: 0 });
