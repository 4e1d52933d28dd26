// The way back in for a page that asked for what ends its session. Read with those who need it.

import { beginSession } from "./transport";

/** The code of the link for after the program was closed and opened again by this page. */
let codeForAfterwards: string | null = null;

/** Keeps a sign-in link until this page is signed out by what it asked for. */
export function signInAfterwards(link: string) {
  codeForAfterwards = new URL(link).searchParams.get("code");
}

/** Nothing signs this page in again by itself. */
export function forgetSignIn() {
  codeForAfterwards = null;
}

/** Begins a session with the link that was kept; `false` where there is none. */
export async function signInAgain(): Promise<boolean> {
  const code = codeForAfterwards;
  if (!code) return false;
  forgetSignIn();
  await beginSession({ code });
  return true;
}
