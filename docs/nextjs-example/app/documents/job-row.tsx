import type { Job } from '../../lib/verso';

export type Command = 'pause' | 'resume' | 'cancel';

/** Which commands a job takes. Verso refuses the others with a sentence. */
const commands: Record<Job['status'], Command[]> = {
  PENDING: ['pause', 'cancel'],
  PROCESSING: ['pause', 'cancel'],
  PAUSED: ['resume', 'cancel'],
  COMPLETED: [],
  FAILED: [],
  CANCELLED: [],
};

/** A job: how far it is, and what can be done with it. */
export function JobRow({ job, onCommand, onDownload }: { job: Job; onCommand: (name: Command) => void; onDownload: () => void }) {
  return (
    <li data-status={job.status}>
      <div>
        <strong>{job.filename}</strong>
        <small>{state(job)}</small>
      </div>
      <progress aria-label={job.filename} max={100} value={job.progress} />
      {commands[job.status].map((name) => (
        <button key={name} onClick={() => onCommand(name)}>
          {name}
        </button>
      ))}
      {job.status === 'COMPLETED' && <button onClick={onDownload}>download</button>}
    </li>
  );
}

function state(job: Job): string {
  switch (job.status) {
    case 'PROCESSING':
      return `${job.progress} %`;
    case 'PAUSED':
      return `paused (${job.pause_reason})`;
    case 'FAILED':
      return job.error_message ?? 'failed';
    case 'COMPLETED':
      // What could not be translated is counted, never passed over.
      return job.issues_count > 0 ? `completed, ${job.issues_count} left in the source language` : 'completed';
    default:
      return job.status.toLowerCase();
  }
}
