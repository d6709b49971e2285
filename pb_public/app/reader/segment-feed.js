import { call } from '../api.js';
import { createStore } from '../store.js';

/**
 * @typedef {{ id: string, text: string }} Block
 * @typedef {{
 *   position: number, revision: number, status: 'done' | 'issue',
 *   source: Block[], translation: Block[], issue: string | null, fresh: boolean,
 * }} Segment a stretch of the document; `fresh` if it came while it was being read
 * @typedef {{ segments: Segment[], loaded: boolean, error: string }} Feed
 */

/** The first page is small, so that something can be read at once. */
const FIRST_PAGE = 12;
const PAGE = 200;
/** Live messages come up to four times a second; reading along needs fewer. */
const SOON_MS = 700;
const AFTER_ERROR_MS = 4000;

/**
 * Keeps a job's settled segments up to date. Each settled segment takes the
 * job's next revision, so what is new is whatever follows the last cursor.
 * @param {string} jobId
 */
export function createSegmentFeed(jobId) {
  /** @type {import('../store.js').Store<Feed>} */
  const store = createStore({ segments: [], loaded: false, error: '' });
  /** @type {Map<number, Segment>} */
  const byPosition = new Map();
  const closing = new AbortController();
  let cursor = 0;
  let pulling = false;
  let wanted = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** Asks for what is new; a call during another makes that one go on. */
  async function pull() {
    wanted = true;
    if (pulling || closing.signal.aborted) return;
    pulling = true;
    try {
      while (wanted) {
        wanted = false;
        await drain();
      }
      store.set({ loaded: true, error: '' });
    } catch (error) {
      if (closing.signal.aborted) return;
      const { message, passing } = /** @type {import('../api-error.js').ApiError} */ (error);
      store.set({ error: message });
      if (passing) pullIn(AFTER_ERROR_MS);
    } finally {
      pulling = false;
    }
  }

  /** @param {number} ms */
  function pullIn(ms) {
    timer ??= setTimeout(() => {
      timer = undefined;
      pull();
    }, ms);
  }

  async function drain() {
    for (;;) {
      const limit = cursor === 0 ? FIRST_PAGE : PAGE;
      const page = await call(
        `/api/v1/jobs/${encodeURIComponent(jobId)}/segments?since=${cursor}&limit=${limit}`,
        { signal: closing.signal },
      );
      if (!page.segments.length) return;
      take(page.segments);
      cursor = Math.max(cursor, page.cursor);
    }
  }

  /** @param {Segment[]} arrived */
  function take(arrived) {
    const { loaded } = store.get();
    for (const segment of arrived) {
      const known = byPosition.get(segment.position);
      if (known && known.revision >= segment.revision) continue;
      byPosition.set(segment.position, { ...segment, fresh: loaded });
    }
    // Segments settle in any order; a document is read in one.
    store.set({ segments: [...byPosition.values()].sort((a, b) => a.position - b.position) });
  }

  return {
    store,
    pull,
    pullSoon: () => pullIn(SOON_MS),
    close() {
      clearTimeout(timer);
      closing.abort();
    },
  };
}
