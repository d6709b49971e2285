import { createStore } from './store.js';

/**
 * The two ways in have addresses of their own, with Clerk's steps beneath them;
 * what is behind them is told apart by the hash.
 *
 * @typedef {{ view: 'desk' | 'sign-in' | 'sign-up', jobId: '' } | { view: 'reader', jobId: string }} Route
 */

/** @returns {Route} */
function routeFromAddress() {
  const entry = location.pathname.match(/^\/(sign-in|sign-up)(?:\/|$)/);
  if (entry) return { view: /** @type {'sign-in' | 'sign-up'} */ (entry[1]), jobId: '' };
  const job = location.hash.match(/^#\/jobs\/([A-Za-z0-9]+)$/);
  return job ? { view: 'reader', jobId: job[1] } : { view: 'desk', jobId: '' };
}

/** @type {import('./store.js').Store<Route>} */
export const route = createStore(routeFromAddress());
addEventListener('hashchange', () => route.set(routeFromAddress()));
addEventListener('popstate', () => {
  // Where only the hash is another, hashchange follows.
  if (routeFromAddress().view !== route.get().view) route.set(routeFromAddress());
});

/**
 * Goes to an address without loading the page anew, if it is the page's own.
 * @param {string} to
 * @param {boolean} [replace] the address before is not come back to
 */
export function go(to, replace = false) {
  const url = new URL(to, location.href);
  if (url.origin !== location.origin) {
    // Where it comes from may be an address that somebody made up: "javascript:".
    if (/^https?:$/.test(url.protocol)) location.assign(url);
    return;
  }
  if (url.href === location.href) return;
  if (replace) history.replaceState(null, '', url.href);
  else history.pushState(null, '', url.href);
  route.set(routeFromAddress());
}

/** @param {string} id */
export const readerLink = (id) => `#/jobs/${id}`;
export const deskLink = '#/';

/** Where the desk stood when a document was opened, to come back to. */
export const leftAt = { jobId: '', scroll: 0 };
