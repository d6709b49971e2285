import { html, useEffect, useState } from '../preact.js';
import { CrossIcon } from '../shell/icons.js';
import { useStore } from '../store.js';
import { words } from '../words/words.js';
import { dismiss, notices } from './notices.js';

const GOOD_NEWS_MS = 7000;

/**
 * The live region is always in the page: screen readers announce only what
 * changes inside one that they already know.
 */
export function NoticeList() {
  const { shown, mentioned } = useStore(notices);
  return html`
    <p class="unseen" role="status" data-testid="mentioned">${mentioned}</p>
    <div class="notices" role="status" aria-live="polite">
      ${shown.map((notice) => html`<${NoticeCard} key=${notice.key} notice=${notice} />`)}
    </div>`;
}

/** @param {{ notice: import('./notices.js').Notice }} props */
function NoticeCard({ notice }) {
  const [held, setHeld] = useState(false);
  // Bad news stays until it is read; good news waits while it is looked at.
  const leaves = notice.tone === 'good' && !held;
  useEffect(() => {
    if (!leaves) return undefined;
    const timer = setTimeout(() => dismiss(notice.key), GOOD_NEWS_MS);
    return () => clearTimeout(timer);
  }, [leaves, notice.key]);
  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  return html`
    <div class=${`notice notice-${notice.tone}`} data-testid="toast"
      onMouseEnter=${hold} onMouseLeave=${release} onFocusIn=${hold} onFocusOut=${release}>
      <p>${notice.text}${notice.link && html` <a href=${notice.link} onClick=${() => dismiss(notice.key)}>${notice.linkWords || words.notices.readIt}</a>`}${notice.act && html` <button type="button" class="text-button" data-testid="toast-act" onClick=${notice.act}>${notice.linkWords}</button>`}</p>
      <button type="button" class="icon-button" aria-label=${words.notices.dismiss} onClick=${() => dismiss(notice.key)}>
        <${CrossIcon} />
      </button>
    </div>`;
}
