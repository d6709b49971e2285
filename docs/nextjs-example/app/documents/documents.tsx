'use client';

import { useAuth } from '@clerk/nextjs';
import { useCallback, useEffect, useState } from 'react';
import { type JobRecord, watchJobs } from '../../lib/live';
import { type Config, type Job, listJobs, Refusal, verso, versoURL } from '../../lib/verso';
import { type Command, JobRow } from './job-row';
import { UploadForm } from './upload-form';

/** The list, live, and what one does with it. */
export function Documents({ config, initial }: { config: Config; initial: Job[] | null }) {
  const { getToken } = useAuth();
  const [jobs, setJobs] = useState(initial);
  const [problem, setProblem] = useState('');

  /** Does something, and says Verso's own sentence where it refuses. */
  const attempt = useCallback(async (action: () => Promise<void>): Promise<boolean> => {
    setProblem('');
    try {
      await action();
      return true;
    } catch (error) {
      setProblem(error instanceof Refusal ? error.message : 'That did not work. Try again.');
      return false;
    }
  }, []);

  useEffect(() => {
    const refresh = () => void attempt(async () => setJobs(await listJobs(await getToken())));
    const change = (action: string, changed: JobRecord) => {
      if (action === 'create') {
        refresh(); // begun in another tab; the list tells all of it
        return;
      }
      setJobs((jobs) =>
        action === 'delete'
          ? without(jobs, changed.id)
          : (jobs?.map((job) => (job.id === changed.id ? { ...job, ...changed } : job)) ?? null),
      );
    };
    return watchJobs(() => getToken(), change, refresh);
  }, [attempt, getToken]);

  const upload = (form: FormData) =>
    attempt(async () => {
      const job = await verso<Job>('/uploadfile/', await getToken(), { method: 'POST', body: form });
      setJobs((jobs) => [job, ...(without(jobs, job.id) ?? [])]);
    });

  const command = (job: Job, name: Command) =>
    attempt(() => getToken().then((token) => verso(`/api/v1/jobs/${job.id}/${name}`, token, { method: 'POST' })));

  const download = (job: Job) =>
    attempt(async () => {
      // A link cannot carry a header, so it carries a token that lives for some minutes.
      const { token } = await verso<{ token: string }>('/api/files/token', await getToken(), { method: 'POST' });
      window.location.assign(`${versoURL}/download/${job.id}?token=${encodeURIComponent(token)}`);
    });

  return (
    <>
      <h1>Documents</h1>
      <UploadForm config={config} onUpload={upload} />
      {problem && <p role="alert">{problem}</p>}
      {jobs === null && <p role="status">Reading the list …</p>}
      {jobs?.length === 0 && <p>Nothing is translated yet.</p>}
      <ul>
        {jobs?.map((job) => (
          <JobRow key={job.id} job={job} onCommand={(name) => command(job, name)} onDownload={() => download(job)} />
        ))}
      </ul>
    </>
  );
}

function without(jobs: Job[] | null, id: string): Job[] | null {
  return jobs?.filter((job) => job.id !== id) ?? null;
}
