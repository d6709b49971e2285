import { call } from '../api.js';
import { createStore } from '../store.js';

/**
 * @typedef {{ id: string, text: string }} Block
 * @typedef {{
 *   position: number, revision: number, status: 'done' | 'issue' | 'again' | 'renewed',
 *   source: Block[], translation: Block[], issue: string | null, fresh: boolean, awaited?: Set<string>,
 * }} Segment a stretch of the document; `again` while its issue is looked at anew,
 *   `renewed` while a translation without one is (`awaited` being its blocks), `fresh` if it came while it was being read
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
  /** Whether the job is at its end, so that what is still awaited does not come. */
  let ended = false;
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
      if (ended) giveUp();
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

  /** Finds out which segments with an issue have been taken up again. */
  async function recheck() {
    ended = false;
    const still = new Set();
    try {
      for (let since = 0; ;) {
        const page = await call(
          `/api/v1/jobs/${encodeURIComponent(jobId)}/segments?status=issue&since=${since}&limit=${PAGE}`,
          { signal: closing.signal },
        );
        if (!page.segments.length) break;
        for (const { position } of page.segments) still.add(position);
        since = page.cursor;
      }
    } catch {
      return; // what comes of them will be told in any case
    }
    for (const segment of byPosition.values()) {
      if (segment.status === 'issue' && !still.has(segment.position)) byPosition.set(segment.position, { ...segment, status: 'again' });
    }
    show();
  }

  /**
   * Notes what is translated again under another brief.
   * @param {number[]} positions
   * @param {(text: string) => boolean} touches whether the change is about a passage
   */
  function renew(positions, touches) {
    ended = false;
    for (const position of positions) {
      const segment = byPosition.get(position);
      if (!segment) continue;
      const awaited = new Set(segment.source.filter(({ text }) => touches(text)).map(({ id }) => id));
      byPosition.set(position, { ...segment, status: segment.status === 'done' ? 'renewed' : 'again', awaited: awaited.size ? awaited : undefined });
    }
    show();
    pull();
  }

  /** The job is at its end: what it was to translate again and did not, is as it was. */
  function end() {
    ended = true;
    pull();
  }

  function giveUp() {
    ended = false;
    const before = { renewed: /** @type {const} */ ('done'), again: /** @type {const} */ ('issue') };
    for (const segment of byPosition.values()) {
      const { status } = segment;
      if (status === 'renewed' || status === 'again') byPosition.set(segment.position, { ...segment, status: before[status], awaited: undefined });
    }
    show();
  }

  /**
   * Puts a person's own words in the place of the engine's.
   * @param {number} position
   * @param {Block[]} blocks
   */
  async function correct(position, blocks) {
    take([await call(
      `/api/v1/jobs/${encodeURIComponent(jobId)}/segments/${position}`, { method: 'PATCH', json: { blocks } },
    )]);
  }

  /** @param {Segment[]} arrived */
  function take(arrived) {
    const { loaded } = store.get();
    for (const segment of arrived) {
      const known = byPosition.get(segment.position);
      if (known && known.revision >= segment.revision) continue;
      byPosition.set(segment.position, { ...segment, fresh: loaded });
    }
    show();
  }

  /** Segments settle in any order; a document is read in one. */
  function show() {
    store.set({ segments: [...byPosition.values()].sort((a, b) => a.position - b.position) });
  }

  return {
    store,
    pull,
    recheck,
    renew,
    end,
    correct,
    pullSoon: () => pullIn(SOON_MS),
    close() {
      clearTimeout(timer);
      closing.abort();
    },
  };
}
