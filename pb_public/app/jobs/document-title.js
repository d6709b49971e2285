import { useEffect } from '../preact.js';
import { percent } from '../phrasing.js';
import { words } from '../words/words.js';
import { jobs } from './jobs-store.js';

const HOUSE = 'Verso';

/**
 * The tab tells how far things are while something runs. It is written beside the
 * views, so that they are not drawn anew with every message.
 * @param {string} readingId the open document's job, or ''
 */
export function useDocumentTitle(readingId) {
  useEffect(() => {
    const write = () => {
      const title = titleFor(readingId);
      if (document.title !== title) document.title = title;
    };
    write();
    return jobs.subscribe(write);
  }, [readingId, words.locale]);
}

/** @param {string} readingId */
function titleFor(readingId) {
  const { byId } = jobs.get();
  const running = [...byId.values()].filter((job) => job.status === 'PROCESSING');
  const reading = byId.get(readingId);
  const told = reading?.status === 'PROCESSING' ? [reading] : running;
  if (told.length === 1) return `${percent(told[0].progress / 100)} · ${reading?.filename ?? told[0].filename} · ${HOUSE}`;
  if (told.length > 1) {
    const mean = told.reduce((sum, job) => sum + job.progress, 0) / told.length;
    return `${words.jobs.tabOf(percent(mean / 100), told.length)} · ${reading?.filename ?? HOUSE}`;
  }
  return reading ? `${reading.filename} · ${HOUSE}` : HOUSE;
}
