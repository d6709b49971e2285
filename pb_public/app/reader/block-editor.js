import { mention } from '../notices/notices.js';
import { html, useLayoutEffect, useRef, useState } from '../preact.js';
import { words } from '../words/words.js';

/**
 * A block's translation, to be written over.
 * @param {{
 *   before: string, rest: boolean, script: import('./segment-view.js').Script, tags: boolean,
 *   onSave: ((written: string) => Promise<void>) | undefined, onClose: () => void,
 * }} props rest: what stands there is the original, so saving it as it is says something;
 *   without onSave it cannot be saved for now
 */
export function BlockEditor({ before: stands, rest, script, tags, onSave, onClose }) {
  // What stood here when it was opened: a translation may arrive below the writing.
  const [before] = useState(stands);
  const [text, setText] = useState(before);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState('');
  const area = /** @type {{ current: HTMLTextAreaElement | null }} */ (useRef(null));
  useLayoutEffect(() => {
    area.current?.focus({ preventScroll: true });
    area.current?.setSelectionRange(rest ? 0 : before.length, before.length);
  }, []);
  useLayoutEffect(() => {
    const { current } = area;
    // As tall as its text, where the stylesheet cannot say so.
    if (!current || CSS.supports('field-sizing', 'content')) return;
    current.style.height = 'auto';
    current.style.height = `${current.scrollHeight + 2}px`;
  }, [text]);

  const save = async () => {
    if (saving || !onSave) return;
    if (text === before && !rest) {
      onClose();
      return;
    }
    if (!text.trim()) {
      setProblem(words.reader.writeSomething);
      return;
    }
    setSaving(true);
    setProblem('');
    try {
      await onSave(text);
      mention(words.reader.correctionSaved);
      onClose();
    } catch (error) {
      setProblem(/** @type {import('../api-error.js').ApiError} */ (error).beside);
      setSaving(false);
      area.current?.focus();
    }
  };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
    else if (event.key === 'Escape' && !saving) onClose();
    else return;
    event.preventDefault();
  };
  const w = words.reader;
  return html`
    <form class="editor" data-testid="editor" data-unsaved=${text === before ? undefined : ''} onKeyDown=${keys}
      onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); save(); }}>
      <textarea class="translation" data-testid="edit-text" aria-label=${w.yourTranslation} aria-describedby="edit-words"
        lang=${script.lang} dir=${script.dir} rows="2" readonly=${saving} ref=${area} value=${text}
        onInput=${(/** @type {any} */ event) => { setText(event.currentTarget.value); setProblem(''); }} />
      <p class="editor-problem" role="alert" data-testid="edit-problem">${problem}</p>
      <p class="editor-words" id="edit-words" role="status">${!onSave && `${w.saveWaits} `}${tags && `${w.keepTags} `}<span class="editor-keys"><kbd>Ctrl</kbd> <kbd>Enter</kbd> ${w.saves} <kbd>Esc</kbd> ${w.leaves}</span></p>
      <div class="editor-ways">
        <button type="submit" class="button button-small button-main" data-testid="edit-save" aria-disabled=${saving || !onSave ? 'true' : 'false'}>
          ${saving ? w.saving : words.common.save}</button>
        <button type="button" class="button button-small" data-testid="edit-cancel" disabled=${saving} onClick=${onClose}>${words.common.cancel}</button>
      </div>
    </form>`;
}
