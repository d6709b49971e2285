// What outlives a reload. Browsers may refuse storage altogether (private
// windows, blocked cookies): then nothing is remembered and all else works.

/**
 * @param {Storage | undefined} storage
 * @param {string} key
 */
function cell(storage, key) {
  return {
    /** @returns {string | null} */
    read() {
      try { return storage?.getItem(key) ?? null; } catch { return null; }
    },
    /** @param {string} value */
    write(value) {
      try { storage?.setItem(key, value); } catch { /* not remembered, then */ }
    },
    forget() {
      try { storage?.removeItem(key); } catch { /* nothing to forget */ }
    },
  };
}

/** @param {'localStorage' | 'sessionStorage'} kind */
function storage(kind) {
  try { return window[kind]; } catch { return undefined; }
}

/** The signed-in session; of this tab only, so that two tabs can be two people. */
export const rememberedSession = cell(storage('sessionStorage'), 'verso.session');
/** The language of the last upload. */
export const rememberedLanguage = cell(storage('localStorage'), 'verso.target_language');
