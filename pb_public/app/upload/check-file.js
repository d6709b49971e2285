import { config, formatTitle } from '../config.js';
import { capital, fileSize, list } from '../phrasing.js';
import { words } from '../words/words.js';

/**
 * What can be said of a file before it is sent. Its format is not among it:
 * the server goes by the content, not by the name.
 * @param {File} file
 * @returns {string} the objection, or ''
 */
export function objectionTo(file) {
  const most = config.limits.max_upload_bytes;
  if (file.size === 0) return words.desk.isEmpty;
  if (file.size > most) return words.desk.tooLarge(fileSize(file.size), fileSize(most));
  return '';
}

/** Which documents are taken. */
export const accepted = () => words.desk.accepted(
  capital(list(config.formats.map(({ name }) => formatTitle(name)), 'disjunction')), fileSize(config.limits.max_upload_bytes));

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
