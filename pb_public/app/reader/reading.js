import { rememberedReading } from '../remembered.js';
import { createStore } from '../store.js';

/**
 * How one likes to read, in every document: `size` an index of SIZES, `only` the
 * translation without its source, `letters` whether single letters are commands.
 * @typedef {{ size: number, only: boolean, letters: boolean }} Reading
 */

/** Of the text as it is set by default. */
export const SIZES = [.875, 1, 1.15, 1.35, 1.6];

/** @type {import('../store.js').Store<Reading>} */
export const reading = createStore(remembered());

/** @returns {Reading} */
function remembered() {
  let kept;
  try { kept = JSON.parse(rememberedReading.read() ?? ''); } catch { /* nothing is, then */ }
  return { size: kept?.size in SIZES ? kept.size : 1, only: Boolean(kept?.only), letters: kept?.letters !== false };
}

/** @param {Partial<Reading>} change */
export function readAs(change) {
  reading.set(change);
  rememberedReading.write(JSON.stringify(reading.get()));
}
