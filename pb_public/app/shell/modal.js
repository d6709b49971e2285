import { useEffect, useRef } from '../preact.js';

/**
 * A dialog that is open, over all else, as long as it is drawn.
 * @returns {{ current: HTMLDialogElement | null }} for its ref
 */
export function useModal() {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    const box = dialog.current;
    box?.showModal();
    return () => box?.close();
  }, []);
  return dialog;
}
