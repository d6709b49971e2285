import { config } from '../config.js';
import { fileSize } from '../phrasing.js';

/**
 * What can be said of a file before it is sent. Its format is not among it:
 * the server goes by the content, not by the name.
 * @param {File} file
 * @returns {string} the objection, or ''
 */
export function objectionTo(file) {
  const most = config.limits.max_upload_bytes;
  if (file.size === 0) return 'This file is empty.';
  if (file.size > most) return `This file has ${fileSize(file.size)}; the most is ${fileSize(most)}.`;
  return '';
}

/**
 * The files of a drop. A dropped folder looks like a file, but cannot be read.
 * @param {DataTransfer} transfer
 * @returns {{ file: File, folder: boolean }[]}
 */
export function droppedFiles(transfer) {
  const found = [];
  for (const item of transfer.items) {
    const file = item.kind === 'file' ? item.getAsFile() : null;
    if (file) found.push({ file, folder: item.webkitGetAsEntry?.()?.isDirectory ?? false });
  }
  return found;
}
