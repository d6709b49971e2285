import { html, useEffect, useState } from '../preact.js';
import { CrossIcon } from '../shell/icons.js';
import { useStore } from '../store.js';
import { words } from '../words/words.js';
import { dismiss, notices } from './notices.js';

/** How long news stand. What they are about tells it for as long as it holds. */
const STANDS_MS = { good: 7000, bad: 20_000 };

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
  const [away, setAway] = useState(document.hidden);
  useEffect(() => {
    const turn = () => setAway(document.hidden);
    document.addEventListener('visibilitychange', turn);
    return () => document.removeEventListener('visibilitychange', turn);
  }, []);
  // It waits while it is looked at, while nobody sees the page, and for what is to be done.
  const leaves = !held && !away && !notice.act;
  useEffect(() => {
    if (!leaves) return undefined;
    const timer = setTimeout(() => dismiss(notice.key), STANDS_MS[notice.tone]);
    return () => clearTimeout(timer);
  }, [leaves, notice]);
  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  return html`
    <div class=${`notice notice-${notice.tone}`} data-testid="toast"
      onMouseEnter=${hold} onMouseLeave=${release} onfocusin=${hold} onfocusout=${release}>
      <p>${notice.text}${notice.link && html` <a href=${notice.link} onClick=${() => dismiss(notice.key)}>${notice.linkWords || words.notices.readIt}</a>`}${notice.act && html` <button type="button" class="text-button" data-testid="toast-act" onClick=${notice.act}>${notice.linkWords}</button>`}</p>
      <button type="button" class="icon-button" aria-label=${words.notices.dismiss} onClick=${() => dismiss(notice.key)}>
        <${CrossIcon} />
      </button>
    </div>`;
}
