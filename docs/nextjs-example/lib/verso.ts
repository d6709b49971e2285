// The types are made from GET /api/v1/openapi.json; copy the file along with this
// folder.
import type { components } from '../../verso-api';

export type Job = components['schemas']['Job'];
export type Config = components['schemas']['Config'];
type JobList = components['schemas']['JobList'];
type Problem = components['schemas']['Problem'];

export const versoURL = process.env.NEXT_PUBLIC_VERSO_URL ?? 'http://127.0.0.1:8090';

/** A refusal of Verso's, with its own sentence. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    sentence: string,
  ) {
    super(sentence);
  }
}

/** Asks Verso, on the server and in the browser alike, and throws what it refuses. */
async function ask(path: string, token: string | null, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token) {
    headers.set('Authorization', `Bearer ${token}`);
  }
  let response: Response;
  try {
    response = await fetch(versoURL + path, { ...init, headers, cache: 'no-store' });
  } catch {
    throw new Refusal(0, 'Verso cannot be reached. Is it running, and does it allow this origin?');
  }
  if (!response.ok) {
    const problem = (await response.json().catch(() => null)) as Problem | null;
    throw new Refusal(response.status, problem?.detail ?? `Verso answered with ${response.status}.`);
  }
  return response;
}

/**
 * Asks Verso for something. The token is Clerk's session token; it lives for a minute,
 * so it is fetched for each request.
 */
export async function verso<T>(path: string, token: string | null, init: RequestInit = {}): Promise<T> {
  const response = await ask(path, token, init);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/**
 * The address from which a browser downloads a translated file. A link cannot carry a
 * header, so it carries a token that lives for some minutes. What Verso would refuse
 * is refused here, by asking for one byte of the file: followed, the address would
 * show the refusal in the page's place.
 */
export async function downloadURL(job: Job, token: string | null): Promise<string> {
  const file = await verso<{ token: string }>('/api/files/token', token, { method: 'POST' });
  const path = `/download/${job.id}?token=${encodeURIComponent(file.token)}`;
  await ask(path, null, { headers: { Range: 'bytes=0-0' } });
  return versoURL + path;
}

/** The newest of one's own jobs. The answer's cursor would lead on to older ones. */
export async function listJobs(token: string | null): Promise<Job[]> {
  const { jobs } = await verso<JobList>('/api/v1/jobs?limit=30', token);
  return jobs;
}
