import { auth } from '@clerk/nextjs/server';
import { type Config, type Job, listJobs, Refusal, verso } from '../../lib/verso';
import { Documents } from './documents';

// A server component: the list is there with the page's first byte.
export default async function Page() {
  const { getToken } = await auth.protect(); // a guest is sent to the sign-in, and back
  try {
    const [config, jobs] = await Promise.all([verso<Config>('/api/v1/config', null), getToken().then(listUnlessRefused)]);
    return <Documents config={config} initial={jobs} />;
  } catch (error) {
    if (error instanceof Refusal) {
      return <p role="alert">{error.message}</p>;
    }
    throw error;
  }
}

/**
 * On the server the token is the cookie's. One that Clerk made while the browser was
 * on its way here names no authorized party, and Verso refuses it unless it is told
 * otherwise (CLERK_ALLOW_MISSING_AZP). The browser can make a better one: null leaves
 * the list to it.
 */
async function listUnlessRefused(token: string | null): Promise<Job[] | null> {
  try {
    return await listJobs(token);
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) {
      return null;
    }
    throw error;
  }
}
