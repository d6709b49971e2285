import { session } from '../auth/session.js';
import { readerLink, route } from '../route.js';
import { mention, say } from './notices.js';

/**
 * News of a document. Where it stands before one's eyes, in the reader or as a row of
 * the list, that shows them itself: a notice would only lie over something.
 * @param {string} jobId
 * @param {string} text
 * @param {{ tone?: 'good' | 'bad', linkWords?: string }} [how]
 */
export function tell(jobId, text, how = {}) {
  const whose = session.get().person?.id;
  // When the page has drawn what the news are about.
  setTimeout(() => {
    if (session.get().person?.id !== whose) return;
    if (isSeen(jobId)) mention(text);
    else say(text, { ...how, link: readerLink(jobId) });
  });
}

/** @param {string} jobId */
function isSeen(jobId) {
  if (route.get().jobId === jobId) return true;
  const row = document.querySelector(`[data-job-id="${CSS.escape(jobId)}"]`)?.getBoundingClientRect();
  return row !== undefined && row.top >= 0 && row.bottom <= innerHeight;
}
