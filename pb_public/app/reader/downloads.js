import { download } from '../jobs/download.js';
import { html } from '../preact.js';
import { DownIcon, DownloadIcon } from '../shell/icons.js';
import { words } from '../words/words.js';
import { Menu } from './menu.js';

/**
 * The file, whole or as far as it is, and in both languages.
 * @param {{ job: import('../jobs/job.js').Job, open: boolean, onOpen: (open: boolean) => void }} props
 */
export function Downloads({ job, open, onOpen }) {
  const w = words.reader;
  const { download: face, downloadPart, downloadIt, downloadPartOf } = words.jobs;
  const whole = job.status === 'COMPLETED';
  const take = (/** @type {boolean} */ bilingual) => () => {
    onOpen(false);
    download(job, { bilingual });
  };
  return html`
    <span class="downloads">
      <button type="button" class="button button-small button-bare" data-testid="reader-download"
        aria-label=${whole ? downloadIt(job.filename) : downloadPartOf(job.filename)} onClick=${take(false)}>
        <${DownloadIcon} /><span class="unseen-narrow">${whole ? face : downloadPart}</span></button>
      <${Menu} name="reader-download-menu" label=${w.downloads} face=${html`<${DownIcon} />`} open=${open} onOpen=${onOpen}>
        <button type="button" class="menu-item" data-testid="reader-download-one" onClick=${take(false)}>
          <b>${whole ? w.theTranslation : w.soFar}</b><small>${whole ? w.theTranslationNote : w.soFarNote}</small></button>
        <button type="button" class="menu-item" data-testid="reader-download-bilingual" onClick=${take(true)}>
          <b>${whole ? w.bothLanguages : w.bothSoFar}</b><small>${w.bothNote}</small></button>
      <//>
    </span>`;
}
