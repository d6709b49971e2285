// What outlives a reload. Browsers may refuse storage altogether (private
// windows, blocked cookies): then nothing is remembered and all else works.

/** Whose the page is now: what is a person's own is not shown to the next. */
let owner = '';

/** @param {string} id */
export function rememberFor(id) {
  owner = id;
}

/**
 * @param {Storage | undefined} storage
 * @param {string} name
 * @param {boolean} [own] each person has one
 */
function cell(storage, name, own = false) {
  const key = () => (own ? `${name}.${owner}` : name);
  return {
    /** @returns {string | null} */
    read() {
      try { return storage?.getItem(key()) ?? null; } catch { return null; }
    },
    /** @param {string} value */
    write(value) {
      try { storage?.setItem(key(), value); } catch { /* not remembered, then */ }
    },
    forget() {
      try { storage?.removeItem(key()); } catch { /* nothing to forget */ }
    },
  };
}

/** @param {'localStorage' | 'sessionStorage'} kind */
function storage(kind) {
  try { return window[kind]; } catch { return undefined; }
}

/** The signed-in session; of this tab only, so that two tabs can be two people. */
export const rememberedSession = cell(storage('sessionStorage'), 'verso.session');
/** The languages of the last uploads. */
export const rememberedLanguages = cell(storage('localStorage'), 'verso.languages');
/** API keys, of those who ticked that theirs be kept. */
export const rememberedKeys = cell(storage('localStorage'), 'verso.api_keys');
/** Whether the desk's further options are unfolded; of this tab only. */
export const rememberedOptions = cell(storage('sessionStorage'), 'verso.options');
/** The language that the page itself speaks, where one was chosen. */
export const rememberedWords = cell(storage('localStorage'), 'verso.words');
/** How the reader's text is set: its size, and whether the source stands with it. */
export const rememberedReading = cell(storage('localStorage'), 'verso.reading');
/** Where one was reading, by document; each person's own. */
export const rememberedPlaces = cell(storage('localStorage'), 'verso.places', true);
/** The session of Clerk's that was left here, until Clerk has heard of it. */
export const rememberedLeft = cell(storage('localStorage'), 'verso.left');
/** Which documents the list shows; of this tab only. */
export const rememberedQuery = cell(storage('sessionStorage'), 'verso.query');
