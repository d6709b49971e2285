import { useEffect, useState } from './preact.js';

/**
 * The time, redrawing every so often while it matters.
 * @param {boolean} ticking
 * @param {number} [everyMs]
 */
export function useNow(ticking, everyMs = 1000) {
  const [, redraw] = useState(0);
  useEffect(() => {
    if (!ticking) return undefined;
    const timer = setInterval(() => redraw((n) => n + 1), everyMs);
    return () => clearInterval(timer);
  }, [ticking, everyMs]);
  return Date.now();
}
