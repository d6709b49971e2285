import { call } from '../api.js';
import { say } from '../notices/notices.js';
import { words } from '../words/words.js';

/** Whether there is anything to hand over, be it a part. @param {import('./job.js').Job} job */
export const hasSomething = (job) => !job.expired && (job.status === 'COMPLETED' || job.segments_done > 0);

/**
 * Hands the file to the browser's own downloading, by an address that carries
 * a short-lived file token: nothing is held in memory, and phones cope.
 * @param {import('./job.js').Job} job
 * @param {{ bilingual?: boolean }} [form] bilingual sets the source below each translation
 */
export async function download(job, { bilingual = false } = {}) {
  let token;
  try {
    ({ token } = await call('/api/files/token', { method: 'POST' }));
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    if (name !== 'AbortError') say(words.jobs.told.notDownloaded(job.filename, message), { tone: 'bad' });
    return;
  }
  const link = document.createElement('a');
  link.href = `/download/${encodeURIComponent(job.id)}?token=${encodeURIComponent(token)}${job.status === 'COMPLETED' ? '' : '&partial=1'}${bilingual ? '&bilingual=below' : ''}`;
  // Without it an error would take the place of this page. The name is the server's.
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
}
