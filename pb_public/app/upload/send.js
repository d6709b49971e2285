import { ApiError, UNREACHABLE, errorFromAnswer } from '../api-error.js';
import { forgetToken, getToken } from '../auth/session.js';

/**
 * @typedef {{ language: string, engine: string, model: string, apiKey: string }} Brief
 * what is wanted of a document; what is empty is left to the server
 * @typedef {{
 *   file: File, brief: Brief, idempotencyKey: string,
 *   signal: AbortSignal, onProgress: (share: number) => void,
 * }} Shipment
 */

/**
 * Sends one document. The idempotency key makes it safe to send again what may
 * have arrived already.
 * @param {Shipment} shipment
 * @returns {Promise<object>} the job
 */
export async function sendDocument(shipment) {
  try {
    return await post(shipment, await getToken());
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    forgetToken();
    return post(shipment, await getToken());
  }
}

/**
 * XMLHttpRequest, since fetch cannot tell how much of a body has left.
 * @param {Shipment} shipment
 * @param {string} token
 * @returns {Promise<object>}
 */
function post({ file, brief, idempotencyKey, signal, onProgress }, token) {
  // The server reads the fields as they come: they stand before the file.
  const form = new FormData();
  form.append('target_language', brief.language);
  if (brief.engine) form.append('engine', brief.engine);
  if (brief.model) form.append('model_name', brief.model);
  if (brief.apiKey) form.append('api_key', brief.apiKey);
  form.append('file', file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/uploadfile/');
    request.setRequestHeader('Authorization', token);
    request.setRequestHeader('Idempotency-Key', idempotencyKey);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onerror = () => reject(new ApiError(0, UNREACHABLE));
    request.onabort = () => reject(new DOMException('Cancelled', 'AbortError'));
    request.onload = () => {
      if (request.status < 200 || request.status > 299) {
        reject(errorFromAnswer(request.status, request.responseText, request.getResponseHeader('Retry-After')));
        return;
      }
      try {
        resolve(JSON.parse(request.responseText));
      } catch {
        reject(new ApiError(0, 'The server’s answer could not be read. Try again: nothing is sent twice.'));
      }
    };
    if (signal.aborted) {
      reject(new DOMException('Cancelled', 'AbortError'));
      return;
    }
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(form);
  });
}
