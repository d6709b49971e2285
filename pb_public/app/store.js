import { useLayoutEffect, useRef, useState } from './preact.js';

/**
 * A value that views can watch.
 * @template T
 * @typedef {{
 *   get: () => T,
 *   set: (change: Partial<T>) => void,
 *   subscribe: (listener: () => void) => () => void,
 * }} Store
 */

/**
 * @template {object} T
 * @param {NoInfer<T>} initial
 * @returns {Store<T>}
 */
export function createStore(initial) {
  let state = initial;
  /** @type {Set<() => void>} */
  const listeners = new Set();
  return {
    get: () => state,
    set(change) {
      state = { ...state, ...change };
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/**
 * Re-renders the calling component whenever the store changes.
 * @template {object} T
 * @param {Store<T>} store
 * @returns {T}
 */
export function useStore(store) {
  const [, redraw] = useState(0);
  const drawn = store.get();
  useLayoutEffect(() => {
    const changed = () => redraw((n) => n + 1);
    // The store may have moved between this render and its subscription.
    if (store.get() !== drawn) changed();
    return store.subscribe(changed);
  }, [store]);
  return drawn;
}

/**
 * The same for a part of it: the component is drawn again only when that part is
 * another than it was.
 * @template {object} T
 * @template V
 * @param {Store<T>} store
 * @param {(state: T) => V} select
 * @returns {V}
 */
export function useSelected(store, select) {
  const [, redraw] = useState(0);
  const drawn = select(store.get());
  const latest = /** @type {{ current: { select: (state: T) => V, drawn: V } }} */ (useRef({ select, drawn }));
  latest.current = { select, drawn };
  useLayoutEffect(() => {
    const changed = () => {
      const now = latest.current.select(store.get());
      if (Object.is(now, latest.current.drawn)) return;
      // Until it is drawn, further changes are told from this one.
      latest.current.drawn = now;
      redraw((n) => n + 1);
    };
    changed();
    return store.subscribe(changed);
  }, [store]);
  return drawn;
}
