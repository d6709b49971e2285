import { useEffect, useRef } from '../preact.js';
import { reading } from './reading.js';

/**
 * Commands by single keys, where nothing is being written and no dialog asks
 * anything. Whoever dictates, or has other uses for letters, can switch those off.
 * @param {Record<string, () => void>} commands by key, in lower case
 */
export function useKeys(commands) {
  const now = useRef(commands);
  now.current = commands;
  useEffect(() => {
    const pressed = (/** @type {KeyboardEvent} */ event) => {
      const { target, defaultPrevented, isComposing, ctrlKey, metaKey, altKey } = event;
      if (defaultPrevented || isComposing || ctrlKey || metaKey || altKey) return;
      const at = /** @type {HTMLElement} */ (target);
      if (document.querySelector('dialog:modal')) return;
      const key = keyOf(event);
      if (key !== 'escape' && (at.isContentEditable || at.matches('input, textarea, select'))) return;
      if (key.length === 1 && !reading.get().letters) return;
      const command = now.current[key];
      // Arrows scroll, unless one walks from passage to passage.
      if (!command || (key.startsWith('arrow') && !at.matches('.translation:focus-visible, .edit'))) return;
      event.preventDefault();
      command();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
}

/** By the place of the key where the keyboard writes other letters. @param {KeyboardEvent} event */
function keyOf({ key, code, shiftKey }) {
  if (key.length > 1 || /[\x21-\x7e]/.test(key)) return key.toLowerCase();
  if (code === 'Slash' && shiftKey) return '?';
  return code.replace(/^Key/, '').toLowerCase();
}
