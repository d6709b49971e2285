import { html, useLayoutEffect, useRef } from '../preact.js';

/**
 * A field for an API key. What is typed stays in the page's memory: browsers
 * and password managers are asked not to keep it.
 * @param {{ id: string, label: string, value: string, onType: (key: string) => void,
 *   hint: string, problem: string, verdict?: { key: string, text: string } }} props
 *   the problem takes the hint's place, and so does what a check has found
 */
export function KeyField({ id, label, value, onType, hint, problem, verdict }) {
  const field = /** @type {{ current: HTMLInputElement | null }} */ (useRef(null));
  useLayoutEffect(() => { if (problem) field.current?.focus(); }, [problem]);
  const refused = problem || verdict?.key === 'refused';
  return html`
    <div class="key-field">
      <label class="eyebrow" for=${id}>${label}</label>
      <input class="field" type="password" id=${id} data-testid=${id} ref=${field} value=${value}
        autocomplete="off" autocapitalize="off" spellcheck=${false} data-1p-ignore data-lpignore="true"
        aria-describedby=${`${id}-words`} aria-invalid=${refused ? 'true' : 'false'}
        onInput=${(/** @type {any} */ event) => onType(event.currentTarget.value.trim())} />
      ${verdict && !problem
        ? html`<p class=${`field-words key-${verdict.key}`} id=${`${id}-words`} role="status" data-testid="key-verdict" data-key=${verdict.key}>${verdict.text || hint}</p>`
        : html`<${FieldWords} id=${`${id}-words`} hint=${hint} problem=${problem} />`}
    </div>`;
}

/** @param {{ id: string, hint: string, problem: string }} props */
export const FieldWords = ({ id, hint, problem }) => html`
  <p class=${`field-words ${problem ? 'field-problem' : ''}`} id=${id} data-testid=${problem ? 'field-problem' : undefined}
    role=${problem ? 'alert' : undefined}>${problem || hint}</p>`;
