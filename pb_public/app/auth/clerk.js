import { ApiError } from '../api-error.js';
import { config } from '../config.js';
import { leaveNow } from '../jobs/commands.js';
import { rememberedLeft } from '../remembered.js';
import { go } from '../route.js';
import { tongue } from '../shell/tongue-choice.js';
import { agreesToSignOut } from '../shell/unfinished.js';
import { createStore } from '../store.js';
import { words } from '../words/words.js';
import { appearance, isSignedOutPath, localization, signedOutPath } from './clerk-options.js';
import { loadClerkScripts } from './clerk-script.js';
import { identifyBy, session } from './session.js';

/**
 * Clerk's session. ClerkJS keeps it, renews its token before it runs out, and hears
 * of what happens in other tabs.
 *
 * `phase` is how far ClerkJS has come. `pending` is somebody who has signed in and
 * must do something yet, such as add a second factor, before the session counts.
 *
 * @type {import('../store.js').Store<{ phase: 'loading' | 'ready' | 'failed', pending: boolean }>}
 */
export const clerk = createStore({ phase: 'loading', pending: false });

/** ClerkJS itself, once it is there. @returns {any} */
export const clerkJS = () => /** @type {any} */ (window).Clerk;

let fresh = false;
/** The session that was left here: Clerk may not have heard of it yet. */
let left = rememberedLeft.read() ?? '';

export async function startClerk() {
  clerk.set({ phase: 'loading' });
  identifyBy({ getToken, forgetToken, leave });
  try {
    await loadClerkScripts();
    await clerkJS().load({
      ui: { ClerkUI: /** @type {any} */ (window).__internal_ClerkUICtor },
      appearance,
      localization: localization(),
      signInUrl: '/sign-in',
      signUpUrl: '/sign-up',
      signInFallbackRedirectUrl: '/',
      signUpFallbackRedirectUrl: '/',
      afterSignOutUrl: signedOutPath,
      allowedRedirectOrigins: [location.origin],
      routerPush: (/** @type {string} */ to) => follow(to, false),
      routerReplace: (/** @type {string} */ to) => follow(to, true),
      telemetry: { disabled: true },
      ...(config.proxy_url && { proxyUrl: config.proxy_url }),
    });
    askBeforeSignOut();
    clerkJS().addListener(changed);
    changed(clerkJS());
    finishLeaving();
    addEventListener('online', finishLeaving);
    clerk.set({ phase: 'ready' });
  } catch (error) {
    console.info('Clerk:', error); // for who looks into it; the page says it in words
    clerk.set({ phase: 'failed' });
  }
}

/**
 * Its own button has no question to ask, and calls this. What ends a session in another
 * tab, or at Clerk, cannot be asked about: it has happened.
 */
function askBeforeSignOut() {
  const js = clerkJS();
  const { signOut } = js;
  js.signOut = async (/** @type {any[]} */ ...how) => {
    const leavesHere = session.get().person && js.session?.id !== left;
    if (leavesHere) {
      if (!agreesToSignOut()) return;
      leaveNow();
    }
    await signOut.apply(js, how);
  };
}

// What an SDK of Clerk's does where its options change.
tongue.subscribe(() => clerkJS()?.__internal_updateProps?.({ options: { localization: localization() } }));

/** Whether this browser has had a session: ClerkJS leaves the time of it in a cookie. */
export const hadSession = () => /(?:^|; )__client_uat(?:_[\w-]+)?=[1-9]/.test(document.cookie);

/**
 * Its own button signs out and then comes here, before it tells anybody.
 * @param {string} to
 * @param {boolean} replace
 */
function follow(to, replace) {
  const url = new URL(to, location.href);
  if (isSignedOutPath(url)) {
    session.set({ person: null, farewell: '' });
    url.search = '';
  }
  // To what is behind the sign-in the page goes by itself, once it is told who has
  // come. Nor may its hash be made a path, as a component does that is about to go.
  if (url.origin === location.origin && !/^\/sign-(?:in|up)(?:\/|$)/.test(url.pathname)) return;
  go(url.href, replace);
}

/** @param {{ session?: any, user?: any }} now undefined while it changes from one to another */
function changed({ session: current, user }) {
  if (current === undefined) return;
  const pending = current?.status === 'pending';
  if (pending !== clerk.get().pending) clerk.set({ pending });
  const { person } = session.get();
  if (!current || current.id === left || pending || !user) {
    if (person) session.set({ person: null, farewell: words.auth.ended });
    return;
  }
  const next = personFrom(user);
  if (JSON.stringify(next) !== JSON.stringify(person)) session.set({ person: next, farewell: '' });
}

/** @param {any} user @returns {import('./session.js').Person} */
function personFrom(user) {
  const email = user.primaryEmailAddress?.emailAddress ?? '';
  return { id: user.id, name: user.fullName || user.username || email, email, image_url: user.imageUrl ?? '' };
}

async function getToken() {
  const skipCache = fresh;
  fresh = false;
  let token;
  try {
    token = await clerkJS().session?.getToken({ skipCache });
  } catch (error) {
    // ClerkJS gives a status where Clerk has answered; else it was out of reach.
    const { status } = /** @type {any} */ (error);
    throw status >= 400 && status < 500 && status !== 429
      ? new ApiError(401, words.errors.notSignedIn) : new ApiError(0, words.auth.unreachable);
  }
  if (!token) throw new ApiError(401, words.errors.notSignedIn);
  return token;
}

function forgetToken() {
  fresh = true;
}

function leave() {
  const { session: current } = clerkJS();
  if (!current) return;
  left = current.id;
  rememberedLeft.write(left);
  finishLeaving();
}

/**
 * Tells Clerk of the session that was left. Where it is out of reach, somebody who has
 * signed out would else be signed in again by whoever opens the page next: it is
 * remembered, and told again until it is heard.
 */
async function finishLeaving() {
  if (!left || clerkJS().session?.id !== left) {
    rememberedLeft.forget();
    return;
  }
  try {
    // With an end of its own, or ClerkJS would go somewhere else.
    await clerkJS().signOut(() => {}, { sessionId: left });
    rememberedLeft.forget();
  } catch {
    // The next time that the page is opened, or has a network again.
  }
}
