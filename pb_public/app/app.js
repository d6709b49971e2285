import { clerk, hadSession, startClerk } from './auth/clerk.js';
import { loadPeople, resume } from './auth/demo.js';
import { destination, wayIn } from './auth/destination.js';
import { Elsewhere } from './auth/elsewhere.js';
import { Entrance, OutOfReach } from './auth/entrance.js';
import { Landing } from './auth/landing.js';
import { session } from './auth/session.js';
import { DemoBanner, SignIn } from './auth/sign-in.js';
import { config, loadConfig } from './config.js';
import { announceJobs } from './jobs/announce.js';
import { forgetCommands, leaveNow } from './jobs/commands.js';
import { useDocumentTitle } from './jobs/document-title.js';
import { JobList } from './jobs/job-list.js';
import { forgetJobs } from './jobs/jobs-store.js';
import { follow, unfollow } from './jobs/live.js';
import { RenewDialog } from './jobs/renew-dialog.js';
import { NoticeList } from './notices/notice-list.js';
import { dismissAll } from './notices/notices.js';
import { html, useEffect, useLayoutEffect, useRef, useState } from './preact.js';
import { Reader } from './reader/reader.js';
import { go, leftAt, route } from './route.js';
import { useArrival } from './shell/arrival.js';
import { Header } from './shell/header.js';
import { useStrayFiles } from './shell/stray-files.js';
import { tongue } from './shell/tongue-choice.js';
import { useStore } from './store.js';
import { Desk } from './upload/desk.js';
import { chooseFirstLanguage } from './upload/language-choice.js';
import { clearUploads } from './upload/upload-queue.js';
import { words } from './words/words.js';

/** @typedef {import('./auth/session.js').Person} Person */

export function App() {
  useStore(tongue);
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
      } else if (config.frontend_api) {
        startClerk(); // the page stands before it has come
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
        <h1>${words.shell.cannotOpen}</h1>
        <p role="alert">${problem}</p>
        <p><button type="button" class="button" onClick=${open}>${words.common.tryAgain}</button></p>
      </main>`;
  }
  if (!opened) return html`<p class="opening" role="status">${words.shell.opening}</p>`;
  if (config.mode === 'demo') return html`<${DemoBanner} /><${DemoDoor} people=${people} />`;
  return config.frontend_api ? html`<${ClerkDoor} />` : html`<${Elsewhere} />`;
}

/** @param {{ people: Person[] }} props */
function DemoDoor({ people }) {
  const { person } = useStore(session);
  const { view } = useStore(route);
  useLayoutEffect(() => {
    if (view === 'sign-in' || view === 'sign-up') go(destination(), true);
  }, [view]);
  return person ? html`<${House} key=${person.id} person=${person} />` : html`<${SignIn} people=${people} />`;
}

/** Who may come in, and where everybody else is sent. */
function ClerkDoor() {
  const { person, farewell } = useStore(session);
  const { phase, pending } = useStore(clerk);
  const { view } = useStore(route);
  const atEntrance = view === 'sign-in' || view === 'sign-up';
  // Documents are behind the sign-in, and so is where somebody was put out. Who has
  // something to do yet before the session counts, does it there too.
  const sent = phase === 'ready' && !person && !atEntrance && (view === 'reader' || farewell !== '' || pending);
  useLayoutEffect(() => {
    if (person && atEntrance) go(destination(), true);
    else if (sent) go(wayIn('sign-in', `/${location.hash}`), true);
  }, [person, atEntrance, sent]);

  if (person && !atEntrance) return html`<${House} key=${person.id} person=${person} />`;
  if (!person && atEntrance) return html`<${Entrance} view=${view} />`;
  if (phase === 'ready' ? !person && !sent : view === 'desk' && !hadSession()) return html`<${Landing} />`;
  return html`
    <${Header} />
    <main class="absent" id="main">${phase === 'failed' ? html`<${OutOfReach} />` : html`<p role="status">${words.shell.opening}</p>`}</main>`;
}

/** Everything behind the sign-in. @param {{ person: Person }} props */
function House({ person }) {
  const { view, jobId } = useStore(route);
  useDocumentTitle(jobId);
  useStrayFiles();
  useArrival('house', () => document.getElementById('main'));
  const before = useRef(view);
  useEffect(() => { before.current = view; }, [view]);
  useEffect(() => {
    const silence = announceJobs();
    follow();
    return () => {
      silence();
      leaveNow();
      unfollow();
      clearUploads();
      forgetCommands();
      forgetJobs();
      dismissAll();
      leftAt.jobId = '';
      document.title = config.name;
    };
  }, []);
  return html`
    <a class="skip" href="#main" onClick=${skip}>${words.shell.skip}</a>
    <${Header} person=${person} />
    ${view === 'reader' ? html`<${Reader} key=${jobId} jobId=${jobId} />` : html`<${Workspace} returning=${before.current === 'reader'} />`}
    <${RenewDialog} />
    <${NoticeList} />`;
}

/** @param {{ returning: boolean }} props */
function Workspace({ returning }) {
  // Whoever comes back from a document stands where they left, and whoever has come
  // to it another way at the top.
  useLayoutEffect(() => {
    const { jobId, scroll } = leftAt;
    if (!jobId && returning) {
      scrollTo(0, 0);
      document.getElementById('main')?.focus({ preventScroll: true });
    }
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
