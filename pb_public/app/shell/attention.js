import { useEffect, useRef } from '../preact.js';

/**
 * Handlers for an element, and word of whether somebody has it before them: by
 * pointing at it, or by having come to it with the keys.
 * @param {(on: boolean) => void} attend
 */
export function useAttention(attend) {
  const at = useRef({ pointer: false, keys: false });
  const told = useRef(attend);
  told.current = attend;
  const notice = (/** @type {Partial<typeof at.current>} */ change) => {
    Object.assign(at.current, change);
    told.current(at.current.pointer || at.current.keys);
  };
  useEffect(() => () => told.current(false), []);
  return {
    onPointerEnter: () => notice({ pointer: true }),
    onPointerLeave: () => notice({ pointer: false }),
    // Where a click has left the focus, nobody stands.
    onfocusin: (/** @type {any} */ { target }) => notice({ keys: target.matches(':focus-visible') }),
    onfocusout: (/** @type {any} */ { currentTarget, relatedTarget }) => notice({ keys: at.current.keys && currentTarget.contains(relatedTarget) }),
  };
}
