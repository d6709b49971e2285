import { html, useLayoutEffect, useRef, useState } from '../preact.js';
import { BlockEditor } from './block-editor.js';

/**
 * @param {{
 *   block: import('./segment-feed.js').Block, translation: string | undefined, tagged: boolean,
 *   left: boolean, marked: boolean, from: import('./segment-view.js').Script, to: import('./segment-view.js').Script,
 *   onSave: ((block: import('./segment-feed.js').Block) => Promise<void>) | undefined,
 * }} props
 */
export function BlockView({ block, translation, tagged, left, marked, from, to, onSave }) {
  const [editing, setEditing] = useState(false);
  const edit = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  const wasEditing = useRef(false);
  useLayoutEffect(() => {
    if (wasEditing.current && !editing) edit.current?.focus({ preventScroll: true });
    wasEditing.current = editing;
  }, [editing]);
  const text = tagged ? withoutTags : asItIs;
  const script = left ? from : to;
  const open = editing && onSave;
  return html`
    <div class=${`block ${left ? 'block-left' : ''}`} data-testid="reader-block" data-block-id=${block.id}>
      <p class="source" data-testid="reader-source" lang=${from.lang} dir=${from.dir}>${text(block.text)}</p>
      ${open ? html`
        <${BlockEditor} before=${translation ?? block.text} rest=${left} script=${to} tags=${tagged && /<\d/.test(block.text)}
          onSave=${(/** @type {string} */ written) => onSave({ id: block.id, text: written })} onClose=${() => setEditing(false)} />` : html`
        <div class="target">
          <p class="translation" tabindex="-1" data-testid="reader-translation" lang=${script.lang} dir=${script.dir}>
            ${text(translation ?? block.text)}</p>
          ${left && marked && html`<span class="left-mark">Left in the original</span>`}
          ${onSave && html`
            <button type="button" class="edit" ref=${edit} data-testid="edit-block" onClick=${() => setEditing(true)}>Edit</button>`}
        </div>`}
    </div>`;
}

/** Inline markup travels as numbered tags; for reading, the words are enough. @param {string} text */
const withoutTags = (text) => text.replace(/<\/?\d+\/?>/g, '');
/** @param {string} text */
const asItIs = (text) => text;
