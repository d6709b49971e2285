import { Elsewhere } from './auth/elsewhere.js';
import { loadPeople, resume, session } from './auth/session.js';
import { SignIn } from './auth/sign-in.js';
import { config, loadConfig } from './config.js';
import { forgetCommands } from './jobs/commands.js';
import { useDocumentTitle } from './jobs/document-title.js';
import { JobList } from './jobs/job-list.js';
import { forgetJobs } from './jobs/jobs-store.js';
import { follow, unfollow } from './jobs/live.js';
import { RenewDialog } from './jobs/renew-dialog.js';
import { NoticeList } from './notices/notice-list.js';
import { dismissAll } from './notices/notices.js';
import { html, useEffect, useLayoutEffect, useState } from './preact.js';
import { Reader } from './reader/reader.js';
import { leftAt, route } from './route.js';
import { Header } from './shell/header.js';
import { useStore } from './store.js';
import { Desk } from './upload/desk.js';
import { chooseFirstLanguage } from './upload/language-choice.js';
import { clearUploads } from './upload/upload-queue.js';

/** @typedef {import('./auth/session.js').Person} Person */

export function App() {
  const { person } = useStore(session);
  const [opened, setOpened] = useState(false);
  const [people, setPeople] = useState(/** @type {Person[]} */ ([]));
  const [problem, setProblem] = useState('');
  const open = async () => {
    setProblem('');
    try {
      await loadConfig();
      chooseFirstLanguage();
      if (config.mode === 'demo') {
        const known = await loadPeople();
        resume(known);
        setPeople(known);
      }
      setOpened(true);
    } catch (error) {
      setProblem(/** @type {Error} */ (error).message);
    }
  };
  useEffect(() => { open(); }, []);

  if (problem) {
    return html`
      <main class="absent" id="main">
        <h1>Verso cannot be opened.</h1>
        <p role="alert">${problem}</p>
        <p><button type="button" class="button" onClick=${open}>Try again</button></p>
      </main>`;
  }
  if (!opened) return html`<p class="opening" role="status">Opening Verso…</p>`;
  if (config.mode !== 'demo') return html`<${Elsewhere} />`;
  if (!person) return html`<${SignIn} people=${people} />`;
  return html`<${House} key=${person.id} person=${person} />`;
}

/** Everything behind the sign-in. @param {{ person: Person }} props */
function House({ person }) {
  const { view, jobId } = useStore(route);
  useDocumentTitle(jobId);
  useEffect(() => {
    follow();
    return () => {
      unfollow();
      clearUploads();
      forgetCommands();
      forgetJobs();
      dismissAll();
      document.title = config.name;
    };
  }, []);
  return html`
    <a class="skip" href="#main" onClick=${skip}>Skip to the content</a>
    <${Header} person=${person} />
    ${view === 'reader' ? html`<${Reader} key=${jobId} jobId=${jobId} />` : html`<${Workspace} />`}
    <${RenewDialog} />
    <${NoticeList} />`;
}

function Workspace() {
  // Whoever comes back from a document stands where they left.
  useLayoutEffect(() => {
    const { jobId, scroll } = leftAt;
    if (!jobId) return;
    leftAt.jobId = '';
    scrollTo(0, scroll);
    /** @type {HTMLElement | null} */
    (document.querySelector(`[data-job-id="${CSS.escape(jobId)}"] a`))?.focus({ preventScroll: true });
  }, []);
  return html`
    <main class="workspace" id="main" tabindex="-1">
      <${Desk} />
      <${JobList} />
    </main>`;
}

/** The address's hash is the route, so the jump is made by hand. @param {Event} event */
function skip(event) {
  event.preventDefault();
  const main = document.getElementById('main');
  const target = /** @type {HTMLElement | null | undefined} */ (main?.querySelector('h1[tabindex]') ?? main);
  target?.focus();
  main?.scrollIntoView();
}
