import { html, useEffect, useRef, useState } from '../preact.js';
import { isMoving } from './job.js';
import { deleteJob } from './jobs-store.js';

/**
 * Asks before anything is erased. The browser's own modal dialog holds the
 * focus and closes on Escape.
 * @param {{ job: import('./job.js').Job, onClose: (deleted: boolean) => void }} props
 */
export function DeleteDialog({ job, onClose }) {
  const dialog = /** @type {{ current: HTMLDialogElement | null }} */ (useRef(null));
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    const box = dialog.current;
    box?.showModal();
    return () => box?.close();
  }, []);

  const confirm = async () => {
    setWorking(true);
    setProblem('');
    try {
      await deleteJob(job.id);
      onClose(true);
    } catch (error) {
      setProblem(/** @type {Error} */ (error).message);
      setWorking(false);
    }
  };
  const cancel = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!working) onClose(false);
  };

  return html`
    <dialog class="dialog" ref=${dialog} onCancel=${cancel} data-testid="delete-dialog"
      aria-labelledby="delete-title" aria-describedby="delete-words">
      <h2 id="delete-title">Delete this document?</h2>
      <p class="dialog-subject"><bdi>${job.filename}</bdi></p>
      <p id="delete-words">${isMoving(job) || job.status === 'PAUSED'
        ? 'Its translation stops, and the document and all that is translated are erased for good.'
        : 'The document and its translation are erased for good.'}</p>
      <p class="dialog-problem" role="alert">${problem}</p>
      <div class="dialog-actions">
        <button type="button" class="button" data-testid="delete-cancel" disabled=${working}
          onClick=${() => onClose(false)}>Keep it</button>
        <button type="button" class="button button-danger" data-testid="delete-confirm" disabled=${working}
          onClick=${confirm}>${working ? 'Deleting…' : 'Delete'}</button>
      </div>
    </dialog>`;
}
