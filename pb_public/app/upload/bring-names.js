import { bring } from '../bring.js';

/** @typedef {typeof import('./names-dialog.js').NamesDialog} Dialog */

/** @type {Promise<Dialog> | undefined} */
let coming;

/**
 * What few write beforehand is fetched for those who do: when they unfold the
 * options, so that it is there when they ask for it.
 * @returns {Promise<Dialog>}
 */
export const bringNames = () => coming ??= bring(() => import('./names-dialog.js')).then(({ NamesDialog }) => NamesDialog).catch((error) => {
  coming = undefined;
  throw error;
});
