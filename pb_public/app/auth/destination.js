// Where somebody wants to go who has to sign in first. It travels in the address,
// which anybody can write: only this page's own routes are taken from it.

/** @param {string} [search] of the address */
export function destination(search = location.search) {
  const wish = new URLSearchParams(search).get('redirect_url');
  try {
    const url = new URL(wish ?? '/', location.origin);
    return url.origin === location.origin ? `/${url.hash}` : '/';
  } catch {
    return '/';
  }
}

/**
 * @param {'sign-in' | 'sign-up'} view
 * @param {string} to
 */
export function wayIn(view, to) {
  return to === '/' || to === '/#/' ? `/${view}` : `/${view}?redirect_url=${encodeURIComponent(to)}`;
}
