import { useEffect } from '../preact.js';
import { useStore } from '../store.js';
import { jobs } from './jobs-store.js';

const HOUSE = 'Verso';

/**
 * The tab tells how far things are while something runs.
 * @param {string} readingId the open document's job, or ''
 */
export function useDocumentTitle(readingId) {
  const { byId } = useStore(jobs);
  const running = [...byId.values()].filter((job) => job.status === 'PROCESSING');
  const reading = byId.get(readingId);
  const told = reading?.status === 'PROCESSING' ? [reading] : running;

  let title = reading ? `${reading.filename} · ${HOUSE}` : HOUSE;
  if (told.length === 1) title = `${told[0].progress} % · ${reading?.filename ?? told[0].filename} · ${HOUSE}`;
  if (told.length > 1) {
    const mean = told.reduce((sum, job) => sum + job.progress, 0) / told.length;
    title = `${Math.floor(mean)} % of ${told.length} · ${reading?.filename ?? HOUSE}`;
  }
  useEffect(() => { document.title = title; }, [title]);
}
