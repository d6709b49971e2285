import { useEffect, useState } from '../preact.js';
import { droppedFiles } from './check-file.js';

/**
 * Takes files dropped anywhere on the page: a near miss would make the browser
 * leave it for the file. Behind an open dialog nothing is taken.
 * @param {(files: { file: File, folder: boolean }[]) => void} onFiles
 * @returns {boolean} whether files hang over the page
 */
export function useFileDrop(onFiles) {
  const [hovering, setHovering] = useState(false);
  useEffect(() => {
    const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files');
    const shut = () => document.querySelector('dialog[open]') !== null;
    const over = (/** @type {DragEvent} */ event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = shut() ? 'none' : 'copy';
      setHovering(!shut());
    };
    const left = (/** @type {DragEvent} */ event) => {
      // Moving between elements leaves one for the other; only out has nowhere to go.
      if (!event.relatedTarget) setHovering(false);
    };
    const dropped = (/** @type {DragEvent} */ event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setHovering(false);
      if (event.dataTransfer && !shut()) onFiles(droppedFiles(event.dataTransfer));
    };
    document.addEventListener('dragover', over);
    document.addEventListener('dragleave', left);
    document.addEventListener('drop', dropped);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('dragleave', left);
      document.removeEventListener('drop', dropped);
    };
  }, [onFiles]);
  return hovering;
}
