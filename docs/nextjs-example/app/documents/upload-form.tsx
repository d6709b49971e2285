import { type FormEvent, useState } from 'react';
import type { Config } from '../../lib/verso';

/** A document, and the language that it is to be in. The fields' names are Verso's. */
export function UploadForm({ config, onUpload }: { config: Config; onUpload: (form: FormData) => Promise<boolean> }) {
  const [sending, setSending] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    setSending(true);
    const taken = await onUpload(new FormData(form));
    setSending(false);
    if (taken) {
      form.reset();
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <label>
        Document
        <input type="file" name="file" required accept={config.formats.flatMap((format) => format.extensions).join(',')} />
      </label>
      <label>
        Into
        <select name="target_language" required defaultValue="">
          <option value="" disabled>
            choose a language
          </option>
          {config.languages.map(({ tag, name }) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" disabled={sending}>
        {sending ? 'Sending …' : 'Translate'}
      </button>
    </form>
  );
}
