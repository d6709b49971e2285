import { config } from '../config.js';

/**
 * ClerkJS and its components come from the Frontend API's own host. The versions
 * are exact: with these the page is tested, under the policy that it is served
 * with. The Frontend API speaks with every release of a major version.
 */
const COMPONENTS = '@clerk/ui@1.36.0/dist/ui.browser.js';
const CLERK = '@clerk/clerk-js@6.40.0/dist/clerk.browser.js';

/** A host that swallows requests must not look like one that is slow. */
const PATIENCE_MS = 20_000;

/** @type {Set<string>} */
const arrived = new Set();

/** Loads both; what has arrived before is not asked for again. */
export async function loadClerkScripts() {
  await Promise.all([load(COMPONENTS), load(CLERK)]);
}

/** @param {string} name */
function load(name) {
  if (arrived.has(name)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = `${config.frontend_api}/npm/${name}`;
    script.async = true;
    script.crossOrigin = 'anonymous';
    script.dataset.clerkPublishableKey = /** @type {string} */ (config.publishable_key);
    if (config.proxy_url) script.dataset.clerkProxyUrl = config.proxy_url;
    const fail = () => {
      clearTimeout(timer);
      script.remove();
      reject(new Error(`${name} did not arrive`));
    };
    const timer = setTimeout(fail, PATIENCE_MS);
    script.addEventListener('error', fail);
    script.addEventListener('load', () => {
      clearTimeout(timer);
      arrived.add(name);
      resolve(undefined);
    });
    document.head.append(script);
  });
}
