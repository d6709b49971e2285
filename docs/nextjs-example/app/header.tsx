'use client';

import { Show, SignInButton, UserButton } from '@clerk/nextjs';
import Link from 'next/link';

/** In the browser alone, so that the layout asks for no session and the start stays a static page. */
export function Header() {
  return (
    <header>
      <Link href="/">Translations</Link>
      <nav>
        <Show when="signed-in">
          <Link href="/documents">Documents</Link>
          <UserButton />
        </Show>
        <Show when="signed-out">
          <SignInButton />
        </Show>
      </nav>
    </header>
  );
}
