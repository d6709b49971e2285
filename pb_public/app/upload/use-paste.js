import { useEffect } from '../preact.js';
import { documentOf } from './pasted-text.js';

/**
 * Takes what is pasted while no field has the focus: files, or a text that
 * becomes one.
 * @param {(files: { file: File }[]) => void} onFiles
 */
export function usePaste(onFiles) {
  useEffect(() => {
    const pasted = (/** @type {ClipboardEvent} */ event) => {
      const at = /** @type {Element | null} */ (event.target instanceof Element ? event.target : null);
      if (at?.closest('input:not([type="file"], [type="checkbox"]), textarea, select, [contenteditable]') || document.querySelector('dialog[open]')) return;
      const files = [...event.clipboardData?.files ?? []];
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (!files.length && !text.trim()) return;
      event.preventDefault();
      onFiles((files.length ? files : [documentOf(text)]).map((file) => ({ file })));
    };
    document.addEventListener('paste', pasted);
    return () => document.removeEventListener('paste', pasted);
  }, [onFiles]);
}
