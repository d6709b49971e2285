import PocketBase from 'pocketbase';
import { type Job, versoURL } from './verso';

/** What a record tells as the routes do. It has no eta_seconds, and PocketBase's times. */
export type JobRecord = Pick<Job, 'id' | 'status' | 'progress' | 'segments_done' | 'issues_count' | 'pause_reason' | 'error_message'>;

/**
 * Tells of every change of one's own jobs, by PocketBase's realtime. A stream ends
 * after some minutes and comes back by itself; each connection gets a fresh token.
 * Nothing is replayed, so `onConnect` is the moment to read the list anew.
 */
export function watchJobs(
  getToken: () => Promise<string | null>,
  onChange: (action: string, job: JobRecord) => void,
  onConnect: () => void,
): () => void {
  const pocketbase = new PocketBase(versoURL);
  pocketbase.autoCancellation(false);
  pocketbase.beforeSend = async (url, options) => {
    const token = await getToken();
    return { url, options: { ...options, headers: { ...options.headers, ...(token && { Authorization: token }) } } };
  };
  void pocketbase.realtime.subscribe('PB_CONNECT', onConnect);
  void pocketbase.collection('translation_jobs').subscribe<JobRecord>('*', (event) => onChange(event.action, event.record));
  return () => void pocketbase.realtime.unsubscribe();
}
