import { createStore } from '../store.js';

/**
 * @typedef {{ key: number, text: string, tone: 'good' | 'bad', link: string, linkWords: string, act?: () => void }} Notice
 */

/** @type {import('../store.js').Store<{ shown: Notice[], mentioned: string }>} */
export const notices = createStore({ shown: [], mentioned: '' });

/** More at once would cover a phone's page. */
const MOST = 3;
let lastKey = 0;

/**
 * A notice about a document takes the place of an earlier one about it, with its key:
 * whoever has the focus in it keeps it.
 * @param {string} text
 * @param {{ tone?: 'good' | 'bad', link?: string, linkWords?: string, act?: () => void }} [how] a link leads to the document; an act is what to do where none does
 */
export function say(text, { tone = 'good', link = '', linkWords = '', act } = {}) {
  const shown = [...notices.get().shown];
  const earlier = link ? shown.findIndex((notice) => notice.link === link) : -1;
  const key = earlier < 0 ? (lastKey += 1) : shown[earlier].key;
  shown.splice(earlier < 0 ? shown.length : earlier, earlier < 0 ? 0 : 1, { key, text, tone, link, linkWords, act });
  // Bad news takes longer to read, so good news makes room.
  if (shown.length > MOST) shown.splice(Math.max(0, shown.findIndex((notice) => notice.tone === 'good')), 1);
  notices.set({ shown });
}

/** For ears alone: what the eye sees change in its place. @param {string} text */
export const mention = (text) => notices.set({ mentioned: text });

/** @param {number} key */
export function dismiss(key) {
  notices.set({ shown: notices.get().shown.filter((notice) => notice.key !== key) });
}

/** What a notice led to is now before one's eyes. @param {string} link */
export function dismissLinks(link) {
  notices.set({ shown: notices.get().shown.filter((notice) => notice.link !== link) });
}

export const dismissAll = () => notices.set({ shown: [], mentioned: '' });
