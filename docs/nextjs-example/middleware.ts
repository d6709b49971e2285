import { clerkMiddleware } from '@clerk/nextjs/server';

// Finds out who is asking. What needs somebody says so itself, where it reads what is
// his: see app/documents/page.tsx.
export default clerkMiddleware();

export const config = {
  // Not for files, which are nobody's secret.
  matcher: ['/((?!_next|.*\\.(?:css|js|svg|png|ico|webmanifest)$).*)'],
};
