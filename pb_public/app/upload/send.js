import { ApiError, errorFromAnswer } from '../api-error.js';
import { forgetToken, getToken } from '../auth/session.js';
import { words } from '../words/words.js';

/**
 * What is wanted of a document; what is empty is left to the server.
 * @typedef {{
 *   language: string, source: string, engine: string, model: string, apiKey: string, budget: number | null,
 *   review: boolean, style: Record<string, any> | null, glossary: import('../reader/terms.js').Term[] | null,
 * }} Brief
 * @typedef {{
 *   file: File, brief: Brief, idempotencyKey: string,
 *   signal: AbortSignal, onProgress: (share: number) => void,
 * }} Shipment
 */

/**
 * An upload's fields, as all routes take them that are about a document.
 * @param {File} file
 * @param {Brief} brief
 */
export function formOf(file, brief) {
  // The server reads the fields as they come: they stand before the file.
  const form = new FormData();
  const fields = {
    target_language: brief.language, source_language: brief.source, engine: brief.engine, model_name: brief.model,
    api_key: brief.apiKey, max_cost_usd: brief.budget === null ? '' : String(brief.budget), review: brief.review ? 'true' : '',
    style_data: brief.style ? JSON.stringify(brief.style) : '', glossary_data: brief.glossary ? JSON.stringify(brief.glossary) : '',
  };
  for (const [name, value] of Object.entries(fields)) if (value) form.append(name, value);
  form.append('file', file);
  return form;
}

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
  const form = formOf(file, brief);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/uploadfile/');
    request.setRequestHeader('Authorization', token);
    request.setRequestHeader('Idempotency-Key', idempotencyKey);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onerror = () => reject(new ApiError(0, words.errors.unreachable));
    request.onabort = () => reject(new DOMException('Cancelled', 'AbortError'));
    request.onload = () => {
      if (request.status < 200 || request.status > 299) {
        reject(errorFromAnswer(request.status, request.responseText, request.getResponseHeader('Retry-After')));
        return;
      }
      try {
        resolve(JSON.parse(request.responseText));
      } catch {
        reject(new ApiError(0, words.errors.unreadable));
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
