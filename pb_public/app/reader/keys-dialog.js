import { html } from '../preact.js';
import { useModal } from '../shell/modal.js';
import { useStore } from '../store.js';
import { words } from '../words/words.js';
import { readAs, reading } from './reading.js';

/** The keys, and the switch for those that are letters. @param {{ onClose: () => void }} props */
export function KeysDialog({ onClose }) {
  const { letters } = useStore(reading);
  const dialog = useModal();
  const w = words.reader;
  return html`
    <dialog class="dialog keys" ref=${dialog} data-testid="keys" aria-labelledby="keys-title"
      onCancel=${(/** @type {Event} */ event) => { event.preventDefault(); onClose(); }}>
      <h2 id="keys-title">${w.keys}</h2>
      <dl class=${letters ? '' : 'keys-off'}>
        ${w.keyList.map(([keys, does]) => html`
          <div key=${does}><dt>${keys.split(' ').map((key) => html`<kbd key=${key}>${key}</kbd>`)}</dt><dd>${does}</dd></div>`)}
      </dl>
      <dl><div><dt><kbd>↑</kbd><kbd>↓</kbd></dt><dd>${w.keyArrows}</dd></div><div><dt><kbd>Esc</kbd></dt><dd>${w.keyEscape}</dd></div></dl>
      <label class="keys-switch"><input type="checkbox" data-testid="keys-letters" checked=${letters}
        onChange=${(/** @type {any} */ event) => readAs({ letters: event.currentTarget.checked })} />${w.lettersOn}</label>
      <p class="field-words">${w.lettersNote}</p>
      <div class="dialog-actions"><button type="button" class="button" data-testid="keys-close" onClick=${onClose}>${words.common.close}</button></div>
    </dialog>`;
}
