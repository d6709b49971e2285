import { createStore } from './store.js';

/** @typedef {{ view: 'desk', jobId: '' } | { view: 'reader', jobId: string }} Route */

/** @returns {Route} */
function routeFromHash() {
  const job = location.hash.match(/^#\/jobs\/([A-Za-z0-9]+)$/);
  return job ? { view: 'reader', jobId: job[1] } : { view: 'desk', jobId: '' };
}

/** @type {import('./store.js').Store<Route>} */
export const route = createStore(routeFromHash());
addEventListener('hashchange', () => route.set(routeFromHash()));

/** @param {string} id */
export const readerLink = (id) => `#/jobs/${id}`;
export const deskLink = '#/';

/** Where the desk stood when a document was opened, to come back to. */
export const leftAt = { jobId: '', scroll: 0 };
