import { useLayoutEffect } from '../preact.js';

/** @type {'' | 'door' | 'house'} */
let was = '';

/**
 * Signing in and out takes away what had the focus: it goes to where one has come.
 * Whoever opens the page begins at its top, as everywhere.
 * @param {'door' | 'house'} place
 * @param {() => HTMLElement | null | undefined} find what gets it, if nothing has it yet
 */
export function useArrival(place, find) {
  useLayoutEffect(() => {
    const came = was !== '' && was !== place;
    was = place;
    if (came && document.activeElement === document.body) find()?.focus({ preventScroll: true });
  }, []);
}
