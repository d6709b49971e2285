import { pb } from '../api.js';
import { forgetToken } from '../auth/session.js';
import { route } from '../route.js';
import { reachable } from './commands.js';
import { anyMoving, checkJob, hear, jobs } from './jobs-store.js';
import { refreshJobs, refreshMoving } from './listing.js';
import { isNarrowed } from './query.js';
import { stream } from './stream.js';

export { stream };

/**
 * The live stream of one's own jobs, and the asking that fills its gaps. Streams
 * end every few minutes and are back within a moment, so that one is lost is told
 * late; and sleeping machines, cut cables and dead servers all look alike from
 * here, as silence.
 */

const LOST_AFTER_MS = 2500;
const RETRY_FIRST_MS = 1000;
const RETRY_MOST_MS = 15_000;
/** How often to ask while something moves: for the time left, and for what a stream may drop. */
const ASK_LIVE_MS = 10_000;
const ASK_BLIND_MS = 4000;
/** What was heard longer ago is not shown as if it were now. */
const STALE_AFTER_MS = 6000;
/** The server breaks its silence every 25 s. */
const DEAD_AFTER_MS = 60_000;
/** A clock that ticks every second and missed as many was asleep. */
const SLEPT_MS = 20_000;
const TICK_MS = 1000;

let following = false;
let connected = false;
let retryMs = RETRY_FIRST_MS;
let lastAsked = 0;
let lastHeard = 0;
let lastTick = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let retryTimer;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let lostTimer;
/** @type {ReturnType<typeof setInterval> | undefined} */
let ticking;

export function follow() {
  following = true;
  retryMs = RETRY_FIRST_MS;
  lastTick = lastHeard = Date.now();
  stream.set({ lost: false, offline: navigator.onLine === false, asOf: 0 });
  pb.realtime.onDisconnect = dropped;
  addEventListener('online', wentOnline);
  addEventListener('offline', wentOffline);
  document.addEventListener('visibilitychange', cameBack);
  ticking = setInterval(tick, TICK_MS);
  ask();
  connect();
}

export function unfollow() {
  following = false;
  connected = false;
  clearTimeout(retryTimer);
  clearTimeout(lostTimer);
  clearInterval(ticking);
  removeEventListener('online', wentOnline);
  removeEventListener('offline', wentOffline);
  document.removeEventListener('visibilitychange', cameBack);
  pb.realtime.onDisconnect = undefined;
  // A stream that never came about is tried again and again until it is told to end.
  hangUp().then(() => { if (!following) /** @type {any} */ (pb.realtime).disconnect(); });
  stream.set({ lost: false, offline: false, asOf: 0 });
}

/** With nothing left to listen to the SDK closes the stream: the next person gets one of their own. */
function hangUp() {
  return pb.realtime.unsubscribe().catch(() => {});
}

/** Gives up a stream that may only look alive. */
async function connectAnew() {
  connected = false;
  retryMs = RETRY_FIRST_MS;
  await hangUp();
  connect();
}

function connect() {
  if (!following) return;
  clearTimeout(retryTimer);
  lostTimer ??= setTimeout(tellLost, LOST_AFTER_MS);
  Promise.all([
    pb.realtime.subscribe('PB_CONNECT', restored),
    pb.collection('translation_jobs').subscribe('*', heard),
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
async function restored() {
  if (!following) return;
  connected = true;
  retryMs = RETRY_FIRST_MS;
  clearTimeout(lostTimer);
  lostTimer = undefined;
  stream.set({ lost: false });
  reachable();
  // What the server says to break the silence, it says to nobody who subscribed.
  /** @type {any} */ (pb.realtime).eventSource?.addEventListener('keepalive', inTouch);
  // What is being asked may have been answered before the stream began.
  if (Date.now() - lastAsked < ASK_BLIND_MS) await refreshJobs();
  if (following) ask();
}

/** @param {{ action: string, record: Record<string, any> }} message */
function heard(message) {
  inTouch();
  hear(message);
}

/** Something has come from the server, so the way to it is there, whatever the browser believes. */
function inTouch() {
  lastHeard = Date.now();
  const { offline, asOf } = stream.get();
  if (following && (offline || asOf)) stream.set({ offline: false, asOf: 0 });
}

function dropped() {
  if (!following) return;
  connected = false;
  lostTimer ??= setTimeout(tellLost, LOST_AFTER_MS);
}

const tellLost = () => stream.set({ lost: true });

function wentOffline() {
  stream.set({ offline: true, asOf: lastHeard });
}

function wentOnline() {
  stream.set({ offline: false });
  ask();
}

function cameBack() {
  if (document.hidden) return;
  // Timers of a hidden page tick once a minute at most: that is no sleep.
  lastTick = Math.max(lastTick, Date.now() - SLEPT_MS);
  tick();
  if (Date.now() - lastAsked > ASK_BLIND_MS) ask();
}

async function ask() {
  lastAsked = Date.now();
  // What is being read may be older than the list goes.
  const { jobId } = route.get();
  const { loaded, listed, byId } = jobs.get();
  if (loaded && byId.has(jobId) && !listed.includes(jobId)) checkJob(jobId);
  if (await refreshJobs()) inTouch();
  // What moves may not be in a list that shows the rest.
  if (isNarrowed() && anyMoving()) await refreshMoving();
}

function tick() {
  const now = Date.now();
  const slept = !document.hidden && now - lastTick > SLEPT_MS;
  lastTick = now;
  const silent = now - lastHeard;
  if (slept || (connected && silent > DEAD_AFTER_MS)) connectAnew();
  if (silent > STALE_AFTER_MS && !connected && !stream.get().asOf) stream.set({ asOf: now - silent });
  if (document.hidden || navigator.onLine === false) return;
  if (!connected && now - lastAsked >= ASK_BLIND_MS) ask();
  else if (connected && anyMoving() && now - lastAsked >= ASK_LIVE_MS) askMoving();
}

async function askMoving() {
  lastAsked = Date.now();
  if (await refreshMoving()) inTouch();
}
