import { html, useState } from '../preact.js';
import { useModal } from '../shell/modal.js';
import { words } from '../words/words.js';
import { documentOf } from './pasted-text.js';

/**
 * A text where there is no Ctrl+V, as on phones.
 * @param {{ onText: (file: File) => void, onClose: () => void }} props
 */
export function PasteDialog({ onText, onClose }) {
  const dialog = useModal();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState(false);
  const w = words.desk;
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!text.trim()) {
      setAsked(true);
      dialog.current?.querySelector('textarea')?.focus();
      return;
    }
    onText(documentOf(text));
    onClose();
  };
  return html`
    <dialog class="dialog paste" ref=${dialog} aria-labelledby="paste-title" data-testid="paste-dialog"
      onCancel=${(/** @type {Event} */ event) => { event.preventDefault(); onClose(); }}>
      <form onSubmit=${submit}>
        <h2 id="paste-title">${w.pasteTitle}</h2>
        <textarea class="field" rows="9" dir="auto" data-testid="paste-text" aria-labelledby="paste-title" aria-describedby="paste-words"
          aria-invalid=${asked ? 'true' : 'false'} value=${text}
          onInput=${(/** @type {any} */ event) => { setText(event.currentTarget.value); setAsked(false); }} />
        <p class=${`field-words ${asked ? 'field-problem' : ''}`} id="paste-words" role=${asked ? 'alert' : undefined}>${asked ? w.pasteNothing : w.pasteHint}</p>
        <div class="dialog-actions">
          <button type="button" class="button" onClick=${onClose}>${words.common.cancel}</button>
          <button type="submit" class="button button-main" data-testid="paste-submit">${w.pasteTake}</button>
        </div>
      </form>
    </dialog>`;
}
