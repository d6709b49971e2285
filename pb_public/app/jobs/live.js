import { pb } from '../api.js';
import { forgetToken } from '../auth/session.js';
import { route } from '../route.js';
import { createStore } from '../store.js';
import { anyMoving, checkJob, hear, jobs, refreshJobs } from './jobs-store.js';

/**
 * The live stream of one's own jobs, and the asking that fills its gaps.
 * `lost` is what the reader of the page is told; it comes late on purpose,
 * since a stream ends every few minutes and is back within a moment.
 */

/** @type {import('../store.js').Store<{ lost: boolean, offline: boolean }>} */
export const stream = createStore({ lost: false, offline: false });

const LOST_AFTER_MS = 2500;
const RETRY_FIRST_MS = 1000;
const RETRY_MOST_MS = 15_000;
/** How often to ask while something moves: for the time left, and for what a stream may drop. */
const ASK_LIVE_MS = 10_000;
const ASK_BLIND_MS = 4000;

let following = false;
let connected = false;
let retryMs = RETRY_FIRST_MS;
let lastAsked = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let retryTimer;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let lostTimer;
/** @type {ReturnType<typeof setInterval> | undefined} */
let askTimer;

export function follow() {
  following = true;
  retryMs = RETRY_FIRST_MS;
  stream.set({ lost: false, offline: navigator.onLine === false });
  pb.realtime.onDisconnect = dropped;
  addEventListener('online', wentOnline);
  addEventListener('offline', wentOffline);
  document.addEventListener('visibilitychange', cameBack);
  askTimer = setInterval(askIfDue, 1000);
  ask();
  connect();
}

export function unfollow() {
  following = false;
  connected = false;
  clearTimeout(retryTimer);
  clearTimeout(lostTimer);
  clearInterval(askTimer);
  removeEventListener('online', wentOnline);
  removeEventListener('offline', wentOffline);
  document.removeEventListener('visibilitychange', cameBack);
  pb.realtime.onDisconnect = undefined;
  hangUp();
  stream.set({ lost: false, offline: false });
}

/** With nothing left to listen to the SDK closes the stream: the next person gets one of their own. */
function hangUp() {
  pb.realtime.unsubscribe().catch(() => {});
}

function connect() {
  if (!following) return;
  clearTimeout(retryTimer);
  lostTimer ??= setTimeout(() => stream.set({ lost: true }), LOST_AFTER_MS);
  Promise.all([
    pb.realtime.subscribe('PB_CONNECT', restored),
    pb.collection('translation_jobs').subscribe('*', hear),
  ]).catch(() => {
    // The SDK comes back by itself from a dropped stream, not from a first one
    // that failed.
    if (!following || connected) return;
    hangUp();
    forgetToken();
    retryTimer = setTimeout(connect, retryMs);
    retryMs = Math.min(RETRY_MOST_MS, retryMs * 2);
  });
}

/** Connected and subscribed. Nothing missed is replayed, so the list is asked for. */
function restored() {
  if (!following) return;
  connected = true;
  retryMs = RETRY_FIRST_MS;
  clearTimeout(lostTimer);
  lostTimer = undefined;
  stream.set({ lost: false });
  ask();
}

function dropped() {
  if (!following) return;
  connected = false;
  lostTimer ??= setTimeout(() => stream.set({ lost: true }), LOST_AFTER_MS);
}

function wentOffline() {
  stream.set({ offline: true });
}

function wentOnline() {
  stream.set({ offline: false });
  ask();
}

function cameBack() {
  if (!document.hidden && Date.now() - lastAsked > ASK_BLIND_MS) ask();
}

function ask() {
  lastAsked = Date.now();
  refreshJobs();
  // What is being read may be older than the list goes.
  const { jobId } = route.get();
  const { loaded, listed, byId } = jobs.get();
  if (loaded && byId.has(jobId) && !listed.includes(jobId)) checkJob(jobId);
}

function askIfDue() {
  if (document.hidden || navigator.onLine === false) return;
  const wait = connected ? ASK_LIVE_MS : ASK_BLIND_MS;
  if (Date.now() - lastAsked >= wait && (anyMoving() || !connected)) ask();
}
