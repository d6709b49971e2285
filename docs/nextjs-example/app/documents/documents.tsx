'use client';

import { useAuth } from '@clerk/nextjs';
import { useCallback, useEffect, useState } from 'react';
import { type JobRecord, watchJobs } from '../../lib/live';
import { type Config, downloadURL, type Job, listJobs, Refusal, verso } from '../../lib/verso';
import { type Command, JobRow } from './job-row';
import { UploadForm } from './upload-form';

/** The list, live, and what one does with it. */
export function Documents({ config, initial }: { config: Config; initial: Job[] | null }) {
  const { getToken } = useAuth();
  const [jobs, setJobs] = useState(initial);
  // What became of the last thing that was asked for here stands until the next is.
  const [problem, setProblem] = useState('');
  // Why the list could not be read, which is told apart: the next time it may be.
  const [missing, setMissing] = useState('');

  const refresh = useCallback(async () => {
    try {
      setJobs(await listJobs(await getToken()));
      setMissing('');
    } catch (error) {
      setMissing(sentence(error));
    }
  }, [getToken]);

  useEffect(() => {
    const change = (action: string, changed: JobRecord) => {
      if (action === 'create') {
        void refresh(); // begun in another tab; the list tells all of it
        return;
      }
      setJobs((jobs) =>
        action === 'delete'
          ? without(jobs, changed.id)
          : (jobs?.map((job) => (job.id === changed.id ? { ...job, ...changed } : job)) ?? null),
      );
    };
    return watchJobs(() => getToken(), change, () => void refresh());
  }, [refresh, getToken]);

  /** Does what somebody has asked for, and says why where it is refused. */
  async function attempt(action: () => Promise<void>): Promise<boolean> {
    setProblem('');
    try {
      await action();
      return true;
    } catch (error) {
      setProblem(sentence(error));
      return false;
    }
  }

  const upload = (form: FormData) =>
    attempt(async () => {
      const job = await verso<Job>('/uploadfile/', await getToken(), { method: 'POST', body: form });
      setJobs((jobs) => [job, ...(without(jobs, job.id) ?? [])]);
    });

  const command = (job: Job, name: Command) =>
    attempt(() => getToken().then((token) => verso(`/api/v1/jobs/${job.id}/${name}`, token, { method: 'POST' })));

  const download = (job: Job) => attempt(async () => window.location.assign(await downloadURL(job, await getToken())));

  return (
    <>
      <h1>Documents</h1>
      <UploadForm config={config} onUpload={upload} />
      {problem && <p role="alert">{problem}</p>}
      {missing && <p role="alert">{missing}</p>}
      {jobs === null && !missing && <p role="status">Reading the list …</p>}
      {jobs?.length === 0 && <p>Nothing is translated yet.</p>}
      <ul>
        {jobs?.map((job) => (
          <JobRow key={job.id} job={job} onCommand={(name) => command(job, name)} onDownload={() => download(job)} />
        ))}
      </ul>
    </>
  );
}

/** Verso's own sentence, where it refuses. */
function sentence(error: unknown): string {
  return error instanceof Refusal ? error.message : 'That did not work. Try again.';
}

function without(jobs: Job[] | null, id: string): Job[] | null {
  return jobs?.filter((job) => job.id !== id) ?? null;
}
