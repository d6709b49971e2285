import { mention } from '../notices/notices.js';
import { html, useLayoutEffect, useRef, useState } from '../preact.js';
import { words } from '../words/words.js';
import { BlockEditor } from './block-editor.js';
import { RenewedNote } from './issue-note.js';

/**
 * @param {{
 *   block: import('./segment-feed.js').Block, translation: string | undefined, tagged: boolean,
 *   left: boolean, marked: boolean, renewedOf: string, from: import('./segment-view.js').Script, to: import('./segment-view.js').Script,
 *   onSave: ((block: import('./segment-feed.js').Block) => Promise<void>) | undefined,
 * }} props renewedOf: the job that translates it again, if one does
 */
export function BlockView({ block, translation, tagged, left, marked, renewedOf, from, to, onSave }) {
  const [editing, setEditing] = useState(false);
  // What stood here before the last correction, as long as the document is open.
  const [former, setFormer] = useState(/** @type {string | undefined} */ (undefined));
  const [undoing, setUndoing] = useState('');
  const edit = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  const wasEditing = useRef(false);
  useLayoutEffect(() => {
    if (wasEditing.current && !editing) edit.current?.focus({ preventScroll: true });
    wasEditing.current = editing;
  }, [editing]);
  const w = words.reader;
  const text = tagged ? withoutTags : asItIs;
  const script = left ? from : to;
  const save = async (/** @type {string} */ written) => {
    await onSave?.({ id: block.id, text: written });
    setFormer(left ? undefined : translation);
    setUndoing('');
  };
  const undo = async () => {
    if (former === undefined || undoing === 'now') return;
    setUndoing('now');
    try {
      await onSave?.({ id: block.id, text: former });
      setFormer(undefined);
      setUndoing('');
      mention(w.undone);
      edit.current?.focus({ preventScroll: true });
    } catch (error) {
      setUndoing(/** @type {Error} */ (error).message);
    }
  };
  return html`
    <div class=${`block ${left ? 'block-left' : ''} ${renewedOf ? 'block-renewed' : ''}`} data-testid="reader-block" data-block-id=${block.id}>
      <p class="source" data-testid="reader-source" lang=${from.lang} dir=${from.dir}>${text(block.text)}</p>
      ${editing ? html`
        <${BlockEditor} before=${translation ?? block.text} rest=${left} script=${to} tags=${tagged && /<\d/.test(block.text)}
          onSave=${onSave && save} onClose=${() => setEditing(false)} />` : html`
        <div class="target" dir=${script.dir}>
          ${renewedOf && html`<${RenewedNote} jobId=${renewedOf} />`}
          <p class="translation" tabindex="-1" data-testid="reader-translation" lang=${script.lang} dir=${script.dir}>
            ${text(translation ?? block.text)}</p>
          ${left && marked && html`<span class="left-mark">${w.leftInOriginal}</span>`}
          ${onSave && html`
            <span class="block-ways">
              <button type="button" class="edit" tabindex="-1" ref=${edit} data-testid="edit-block" onClick=${() => setEditing(true)}>${w.edit}</button>
              ${former !== undefined && html`
                <button type="button" class="undo" data-testid="undo-edit" aria-disabled=${undoing === 'now' ? 'true' : 'false'} onClick=${undo}>${w.undo}</button>`}
            </span>`}
          ${undoing && undoing !== 'now' && html`<p class="editor-problem" role="alert">${undoing}</p>`}
        </div>`}
    </div>`;
}

/** Inline markup travels as numbered tags; for reading, the words are enough. @param {string} text */
const withoutTags = (text) => text.replace(/<\/?\d+\/?>/g, '');
/** @param {string} text */
const asItIs = (text) => text;
