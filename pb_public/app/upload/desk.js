import { config, engineNamed } from '../config.js';
import { count, fileSize } from '../phrasing.js';
import { html, useEffect, useRef, useState } from '../preact.js';
import { rememberedLanguage } from '../remembered.js';
import { LeavesDrawing } from '../shell/icons.js';
import { useStore } from '../store.js';
import { EngineChoice, objectTo, translator } from './engine-choice.js';
import { FileRow } from './file-row.js';
import { LanguageChoice, target } from './language-choice.js';
import { addFiles, sendReady, uploads } from './upload-queue.js';
import { useFileDrop } from './use-file-drop.js';

/** An open book: documents come on the left page, what they become on the right. */
export function Desk() {
  const { items } = useStore(uploads);
  const { tag } = useStore(target);
  const [asked, setAsked] = useState(false);
  const picker = /** @type {{ current: HTMLInputElement | null }} */ (useRef(null));
  const hovering = useFileDrop(addFiles);
  const ready = items.filter((item) => item.stage === 'ready').length;
  const busy = items.some((item) => item.stage === 'sending' || item.stage === 'queued');
  useEffect(() => { if (ready) setAsked(false); }, [ready]);

  const pick = (/** @type {any} */ event) => {
    addFiles([...event.currentTarget.files].map((file) => ({ file })));
    // So that the same file can be chosen again after it was taken off.
    event.currentTarget.value = '';
  };
  const brief = () => ({ language: tag, ...chosen() });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!ready) {
      setAsked(!busy);
      picker.current?.focus();
      return;
    }
    rememberedLanguage.write(tag);
    objectTo('', '');
    sendReady(brief());
  };

  return html`
    <form class="spread desk" aria-labelledby="desk-title" onSubmit=${submit}>
      <h1 class="unseen" id="desk-title">Translate a document</h1>
      <div class=${`leaf desk-left ${hovering ? 'desk-hovering' : ''} ${items.length ? 'desk-laden' : ''}`}>
        ${items.length > 0 && html`
          <ul class="files" aria-label="Documents on the desk">
            ${items.map((item) => html`
              <${FileRow} key=${item.key} item=${item} brief=${brief} onRemoved=${() => picker.current?.focus()} />`)}
          </ul>`}
        <div class="invitation">
          ${!items.length && html`<${LeavesDrawing} />`}
          <p class="invitation-words">${hovering ? 'Let go to lay it here' : items.length ? '' : 'Lay a document here'}</p>
          <div class="picker">
            <input class="unseen" type="file" id="file-input" data-testid="file-input" multiple
              aria-describedby="what-goes" ref=${picker} onChange=${pick} />
            <label class="button" for="file-input">${items.length ? 'Add another' : 'Choose a file'}</label>
          </div>
          <p class=${`what-goes ${asked ? 'what-goes-asked' : ''}`} id="what-goes">
            ${asked ? 'Choose a document first, then translate it.' : accepted()}
          </p>
        </div>
      </div>
      <div class="leaf desk-right">
        <${LanguageChoice} tag=${tag} />
        <${EngineChoice} />
        <div class="desk-go">
          <p class="desk-promise">You get a new file of the same kind; the original stays as it is.</p>
          <button class=${`button button-main ${ready ? '' : 'button-idle'}`} type="submit" data-testid="upload-submit">
            ${ready > 1 ? `Translate ${count(ready, 'document')}` : 'Translate'}
          </button>
        </div>
      </div>
      <p class="unseen" role="status">${ready ? `${count(ready, 'document')} ready to be translated.` : ''}</p>
    </form>`;
}

/** What was chosen of engine and key, without a key that the engine has no use for. */
function chosen() {
  const { engine, model, apiKey } = translator.get();
  const { free } = engineNamed(engine) ?? config.engines[0];
  return { engine, model, apiKey: free ? '' : apiKey };
}

/** @type {Record<string, string>} */
const FORMAT_NAMES = {
  txt: 'plain text', md: 'Markdown', html: 'HTML', epub: 'EPUB', docx: 'Word', srt: 'SRT', vtt: 'WebVTT',
};

function accepted() {
  const names = config.formats.map((format) => FORMAT_NAMES[format.name] ?? format.name.toUpperCase());
  const listed = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(names);
  return `${listed.charAt(0).toUpperCase()}${listed.slice(1)}, up to ${fileSize(config.limits.max_upload_bytes)}`;
}
