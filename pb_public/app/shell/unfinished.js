import { uploads } from '../upload/upload-queue.js';
import { words } from '../words/words.js';

/** Whether something is written that is not saved. */
export const isWriting = () => document.querySelector('[data-unsaved]') !== null;

/** Whether leaving would cut off what is on its way. */
export const isSending = () => uploads.get().items.some(({ stage }) => stage === 'sending' || stage === 'queued');

/** Asks before somebody signs out who would lose something by it. @returns {boolean} whether they do */
export function agreesToSignOut() {
  const { unsaved, unsent, signOutAnyway } = words.shell;
  const lost = [isWriting() && unsaved, isSending() && unsent].filter(Boolean);
  return !lost.length || confirm([...lost, signOutAnyway].join(' '));
}
