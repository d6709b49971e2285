import { html, useEffect, useRef, useState } from '../preact.js';
import { SearchIcon } from '../shell/icons.js';
import { useSelected, useStore } from '../store.js';
import { words } from '../words/words.js';
import { jobs } from './jobs-store.js';
import { show } from './listing.js';
import { SHOWN, isNarrowed, query } from './query.js';

/** Typing is followed, but not letter by letter. */
const TYPING_MS = 250;
/** No file's name is longer. */
const LONGEST = 255;

/** Which of the documents are shown: by how they stand, and by name. */
export function JobFilter() {
  const wanted = useStore(query);
  const [typed, setTyped] = useState(wanted.search);
  const timer = /** @type {{ current: ReturnType<typeof setTimeout> | undefined }} */ (useRef(undefined));
  useEffect(() => () => clearTimeout(timer.current), []);
  // It may have been emptied elsewhere; what is asked for here is behind what is typed.
  const sent = useRef(wanted.search);
  useEffect(() => {
    if (wanted.search !== sent.current) {
      clearTimeout(timer.current);
      setTyped(wanted.search);
    }
    sent.current = wanted.search;
  }, [wanted.search]);
  const type = (/** @type {any} */ event) => {
    const { value } = event.currentTarget;
    setTyped(value);
    clearTimeout(timer.current);
    const search = value.trim();
    timer.current = setTimeout(() => {
      sent.current = search;
      if (search !== query.get().search) show({ search });
    }, TYPING_MS);
  };
  const said = words.jobs;
  return html`
    <div class="shelf-filter" role="search">
      <div class="filter-states" role="group" aria-label=${said.show}>
        ${/** @type {(keyof typeof SHOWN)[]} */ (Object.keys(SHOWN)).map((name) => html`
          <button key=${name} type="button" class="filter-state" data-testid=${`show-${name}`} aria-pressed=${String(wanted.show === name)}
            onClick=${() => wanted.show !== name && show({ show: name })}>${said.shown[name]}</button>`)}
      </div>
      <label class="filter-search"><span class="unseen">${said.search}</span><${SearchIcon} />
        <input class="field" type="search" data-testid="job-search" placeholder=${said.search} maxlength=${LONGEST}
          autocomplete="off" spellcheck=${false} enterkeyhint="search" value=${typed} onInput=${type} /></label>
      <${Found} />
    </div>`;
}

/** How many there are, for those who do not see the list change. */
function Found() {
  const n = useSelected(jobs, ({ loaded, listed }) => (loaded ? listed.length : -1));
  const more = useSelected(jobs, ({ cursor }) => cursor !== null);
  const narrowed = isNarrowed(useStore(query));
  return html`<p class="unseen" role="status" data-testid="found">${narrowed && n >= 0 ? words.jobs.found(n, more) : ''}</p>`;
}
