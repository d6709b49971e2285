import Link from 'next/link';

export default function Home() {
  return (
    <>
      <h1>Translate a document</h1>
      <p>A book, a manual or subtitles come back in the same form, in your language.</p>
      <Link className="button" href="/documents">
        Begin
      </Link>
    </>
  );
}
