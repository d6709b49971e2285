import { useEffect } from '../preact.js';
import { session } from '../auth/session.js';
import { go, readerLink, route } from '../route.js';
import { isWriting } from '../shell/unfinished.js';
import { words } from '../words/words.js';

/**
 * Asks before the document is left for the desk or another document, by
 * whichever way, with something unsaved in it.
 * @param {string} jobId
 */
export function useLeaving(jobId) {
  useEffect(() => {
    let agreed = false;
    return route.subscribe(() => {
      const { view, jobId: to } = route.get();
      const sentOut = view === 'sign-in' || view === 'sign-up';
      // Who has signed out has been asked already.
      if (agreed || sentOut || !session.get().person || to === jobId || !isWriting()) return;
      agreed = confirm(words.reader.leaveUnsaved);
      // At once, before anything is drawn: what is written stays where it is.
      if (!agreed) go(readerLink(jobId));
    });
  }, [jobId]);
}
