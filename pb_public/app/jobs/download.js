import { pb } from '../api.js';
import { say } from '../notices/notices.js';

/**
 * Hands the file to the browser's own downloading, by an address that carries
 * a short-lived file token: nothing is held in memory, and phones cope.
 * @param {import('./job.js').Job} job
 */
export async function download(job) {
  let token;
  try {
    token = await pb.files.getToken();
  } catch (error) {
    const { status, response } = /** @type {any} */ (error);
    const why = response?.detail || response?.message
      || (status ? `The server answered with an error (${status}).` : 'The server cannot be reached.');
    say(`“${job.filename}” could not be downloaded. ${why}`, { tone: 'bad' });
    return;
  }
  const link = document.createElement('a');
  link.href = `/download/${encodeURIComponent(job.id)}?token=${encodeURIComponent(token)}`;
  // Without it an error would take the place of this page. The name is the server's.
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
}
