import { useEffect } from '../preact.js';

/** Keeps a file that is let go where nothing takes it from having the browser leave the page for it. */
export function useStrayFiles() {
  useEffect(() => {
    // At the window an event comes last, when whoever takes files has had it.
    const refuse = (/** @type {DragEvent} */ event) => {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    };
    addEventListener('dragover', refuse);
    addEventListener('drop', refuse);
    return () => {
      removeEventListener('dragover', refuse);
      removeEventListener('drop', refuse);
    };
  }, []);
}
